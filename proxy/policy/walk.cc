#include "proxy/policy/walk.h"

#include <algorithm>

namespace proxy::policy {
namespace {

bool has(const std::vector<std::string>& list, std::string_view value) {
  return std::find(list.begin(), list.end(), value) != list.end();
}

}  // namespace

bool in_any(const std::vector<base::Cidr>& ranges, const Forms& address) {
  return std::any_of(ranges.begin(), ranges.end(), [&address](const base::Cidr& range) {
    return range.contains(address.given) || (address.mapped && range.contains(address.plain));
  });
}

Walk::Walk(const std::vector<config::Rule>& rules, const RuleIndex& index, const Request& request)
    : rules_(rules),
      candidates_(index.candidates(request.target)),
      request_(request),
      client_(request.client) {}

const config::Rule* Walk::next() {
  while (const auto position = candidates_.next()) {
    const config::Rule& rule = rules_[*position];
    if (!connection_matches(rule)) continue;
    if (!rule.judges_content() || content_matches(rule)) return &rule;
  }
  return nullptr;
}

bool Walk::connection_matches(const config::Rule& rule) const {
  const bool port = rule.ports.empty() || std::find(rule.ports.begin(), rule.ports.end(),
                                                    request_.target.port) != rule.ports.end();
  return port && (rule.sources.empty() || in_any(rule.sources, client_)) &&
         (rule.identities.empty() || has(rule.identities, request_.identity));
}

bool Walk::content_matches(const config::Rule& rule) {
  if (request_.kind == Kind::kConnect) {
    if (rule.action == config::Action::kAllow) return true;
    if (passed_ == nullptr) passed_ = &rule;
    return false;
  }
  return (rule.methods.empty() || has(rule.methods, request_.method)) && path_matches(rule);
}

// A path on whose meaning origins disagree is below a denied one if it is for any of them, and
// below an allowed one only if it is for all.
bool Walk::path_matches(const config::Rule& rule) {
  if (rule.paths.empty()) return true;
  if (!path_) path_.emplace(request_.path_and_query);
  const http::PathReadings& path = *path_;
  return std::any_of(rule.paths.begin(), rule.paths.end(), [&](const std::string& prefix) {
    return rule.action == config::Action::kDeny ? path.any_below(prefix) : path.all_below(prefix);
  });
}

}  // namespace proxy::policy
