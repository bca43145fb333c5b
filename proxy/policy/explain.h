// Decisions with their sentences: why a request is denied, and what to write into the configuration
// to allow it. For a name no resolved address is told, only the kind of its range.
#pragma once

#include <string_view>
#include <vector>

#include "config/schema.h"
#include "http/target.h"
#include "proxy/policy/address_guard.h"
#include "proxy/policy/engine.h"

namespace proxy::policy {

// `rule` is the rule that matched, nullptr for the default action.
Decision allowed(const config::Rule* rule);
// What `rule`, or the default action, would deny if it were enforced.
Decision would_deny(const config::Rule* rule);
Decision denied_client(const base::IpAddress& client);
Decision denied_by_rule(const config::Rule& rule, const Request& request);
Decision denied_by_default(const http::Authority& target);
// By the default action with policy.profile set; `addons` are those that would allow the target.
Decision denied_by_profile(const http::Authority& target, std::string_view profile,
                           const std::vector<std::string_view>& addons);
Decision denied_port(const config::Rule* rule, Kind kind, const http::Authority& target);
Decision denied_local_name(const config::Rule* rule, const http::Authority& target);
Decision denied_own_listener(const http::Authority& target);
Decision denied_by_guard(const config::Rule* rule, const http::Authority& target,
                         const GuardVerdict& verdict);

}  // namespace proxy::policy
