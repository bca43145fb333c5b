#include "config/summary.h"

#include <algorithm>
#include <vector>

namespace config {
namespace {

constexpr std::size_t kMaxNamed = 4;  // of many, then their number

std::string listed(const std::vector<std::string>& names) {
  std::string out;
  for (std::size_t i = 0; i < std::min(names.size(), kMaxNamed); ++i) {
    out += (i == 0 ? "" : ", ") + names[i];
  }
  if (names.size() > kMaxNamed) {
    out += " and " + std::to_string(names.size() - kMaxNamed) + " more";
  }
  return out;
}

std::string policy_of(const Policy& policy) {
  std::string out = "default action ";
  out += policy.default_action == Action::kDeny ? "deny" : "allow";
  if (policy.enforce == Enforce::kReport) out += " (denials reported, not enforced)";
  if (!policy.profile.empty()) out += ", profile " + policy.profile;
  const std::size_t rules = policy.rules.size();
  return out + ", " + std::to_string(rules) + (rules == 1 ? " rule" : " rules");
}

std::string listeners_of(const Config& config) {
  std::vector<std::string> names;
  names.reserve(config.listen.size() + config.tls.listen.size());
  for (const Listener& each : config.listen) names.push_back(each.endpoint.to_string());
  for (const Listener& each : config.tls.listen) {
    names.push_back(each.endpoint.to_string() + " (TLS)");
  }
  return names.empty() ? "no listener" : "listeners " + listed(names);
}

std::string inspection_of(const Config& config) {
  if (!config.tls.inspects()) return "inspection off";
  switch (config.tls.connect) {
    case Connect::kInspect: return "inspection of every tunnel that is not exempt";
    case Connect::kPeek: return "inspection where names in a ClientHello ask for it";
    case Connect::kDefault:
    case Connect::kTunnel: break;
  }
  return "inspection where rules ask for it";
}

std::string clients_of(const Policy& policy) {
  if (policy.clients == default_clients()) return "clients of loopback and private ranges";
  std::vector<std::string> ranges;
  ranges.reserve(policy.clients.size());
  for (const base::Cidr& each : policy.clients) ranges.push_back(each.to_string());
  return ranges.empty() ? "no clients" : "clients " + listed(ranges);
}

}  // namespace

std::string summary(const Config& config) {
  return policy_of(config.policy) + "; " + listeners_of(config) + "; " + inspection_of(config) +
         "; " + clients_of(config.policy);
}

std::string layers_over_file(const Sources& sources) {
  std::vector<std::string> names;
  for (const auto& [key, origin] : sources) {
    if (origin.layer != Layer::kFlag && origin.layer != Layer::kEnvironment) continue;
    std::string name = to_string(origin);
    if (std::find(names.begin(), names.end(), name) == names.end()) {
      names.push_back(std::move(name));
    }
  }
  return names.empty() ? "" : ", " + listed(names);
}

}  // namespace config
