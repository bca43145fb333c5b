#include "config/bounds.h"

#include "base/units.h"

namespace config {
namespace {

std::string format(milliseconds value) { return base::format_duration(value); }
std::string format(std::uint64_t bytes) { return base::format_size(bytes); }
std::string format(std::uint32_t count) { return std::to_string(count); }

}  // namespace

std::vector<Problem> settle_bounds(Config& config, const Sources& sources,
                                   const std::string& file) {
  std::vector<Problem> problems;
  const auto at_most = [&](const std::string& key, auto& value, const std::string& other,
                           const auto& bound) {
    if (value <= bound) return;
    if (sources.contains(key)) {
      problems.push_back(problem_at(Severity::kError, key,
                                    key + " is \"" + format(value) + "\", more than " + other +
                                        ", which is \"" + format(bound) +
                                        "\"; lower the first or raise the second",
                                    sources, file));
    }
    value = bound;
  };
  Dns& d = config.dns;
  Timeouts& t = config.timeouts;
  Limits& l = config.limits;
  at_most("dns.min_ttl", d.min_ttl, "dns.max_ttl", d.max_ttl);
  at_most("timeouts.attempt_delay", t.attempt_delay, "timeouts.connect", t.connect);
  at_most("limits.request_line_bytes", l.request_line_bytes, "limits.head_bytes", l.head_bytes);
  at_most("limits.field_bytes", l.field_bytes, "limits.head_bytes", l.head_bytes);
  at_most("limits.pool_per_origin", l.pool_per_origin, "limits.pool_total", l.pool_total);
  if (!config.policy.profile.empty() && config.policy.default_action == Action::kAllow) {
    const std::string key = "policy.default_action";
    if (sources.contains(key)) {
      problems.push_back(
          problem_at(Severity::kError, key,
                     key + " is allow, but policy.profile is \"" + config.policy.profile +
                         "\", which denies what it does not list; remove one of them",
                     sources, file));
    }
    config.policy.default_action = Action::kDeny;
  }
  return problems;
}

}  // namespace config
