// The rules behind findings: their stable names, what they are about, and the errors by which the
// service or the az CLI are known to answer what they find.
#pragma once

#include <span>
#include <string_view>

namespace aks {

struct Rule {
  std::string_view id;
  std::string_view summary;        // a sentence
  std::string_view service_error;  // "HTTPProxyWrongUrlError"; "" when none is known
};

// All of them, by id.
std::span<const Rule> all_rules();

// nullptr for an unknown id.
const Rule* find_rule(std::string_view id);

}  // namespace aks
