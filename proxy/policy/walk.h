// The walk over the rules that may match a request: the one place where a rule's conditions are
// held against what is known of it.
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "base/ip.h"
#include "config/schema.h"
#include "http/path_readings.h"
#include "proxy/policy/engine.h"
#include "proxy/policy/rule_index.h"

namespace proxy::policy {

// An address with its unmapped form: IPv4-mapped addresses match prefixes of either family.
struct Forms {
  explicit Forms(const base::IpAddress& address) : given(address), plain(address.unmapped()) {}
  base::IpAddress given;
  base::IpAddress plain;
  bool mapped = plain.family() != given.family();
};

bool in_any(const std::vector<base::Cidr>& ranges, const Forms& address);

// Hosts are the index's business, addresses the caller's.
class Walk {
 public:
  // What is referred to outlives the walk.
  Walk(const std::vector<config::Rule>& rules, const RuleIndex& index, const Request& request);

  // The next rule whose conditions hold, as far as they can be judged.
  const config::Rule* next();

  // The first deny rule that a CONNECT could not be held against.
  const config::Rule* passed() const { return passed_; }

 private:
  bool connection_matches(const config::Rule& rule) const;
  bool content_matches(const config::Rule& rule);
  bool path_matches(const config::Rule& rule);

  const std::vector<config::Rule>& rules_;
  RuleIndex::Candidates candidates_;
  const Request& request_;
  Forms client_;
  std::optional<http::PathReadings> path_;  // once it was asked for
  const config::Rule* passed_ = nullptr;
};

}  // namespace proxy::policy
