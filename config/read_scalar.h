// Checks of a node's kind and the step from a scalar node to a value.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>

#include "config/node.h"
#include "config/report.h"
#include "config/scalar.h"

namespace config {

// Note that `shown` has its value from `node` when the node is of the right kind, and report it
// with `example` when it is not.
bool expect_scalar(const Node& node, const std::string& shown, std::string_view example,
                   Report& report);
bool expect_list(const Node& node, const std::string& shown, std::string_view example,
                 Report& report);

// Whether `text` is UTF-8 (RFC 3629), the one encoding in which every value can be shown again.
bool is_utf8(const std::string& text);

// Reports that the scalar `node` can't be the value of `shown`. A secret is not repeated.
void refuse_scalar(const Node& node, const std::string& shown, const Complaint& complaint,
                   Secrecy secrecy, Report& report);

// The value of `node`, or nullopt after reporting why it has none.
template <typename T>
std::optional<T> read_scalar(const Scalar<T>& type, const Node& node, const std::string& shown,
                             std::string_view example, Report& report) {
  if (!expect_scalar(node, shown, example, report)) return std::nullopt;
  Parsed<T> parsed =
      is_utf8(node.text) ? type.parse(node.text) : Complaint{"expected text encoded in UTF-8"};
  if (const auto* complaint = std::get_if<Complaint>(&parsed)) {
    refuse_scalar(node, shown, *complaint, type.secrecy, report);
    return std::nullopt;
  }
  return std::move(std::get<T>(parsed));
}

}  // namespace config
