#include "aks/allow_list/host_pattern.h"

namespace aks::allow_list {

std::optional<HostPattern> pattern_of(const Endpoint& endpoint) {
  using Kind = HostPattern::Kind;
  switch (endpoint.form) {
    case HostForm::kBelow: return HostPattern{Kind::kBelow, endpoint.host.substr(2)};
    case HostForm::kInfix: return HostPattern{Kind::kInfix, endpoint.host};
    case HostForm::kName: {
      // Documented as a name, while what is asked for lies below it (vault.azure.net).
      const bool below = endpoint.example.ends_with("." + endpoint.host);
      return HostPattern{below ? Kind::kNameAndBelow : Kind::kName, endpoint.host};
    }
    case HostForm::kAny:
    case HostForm::kAddress:
    case HostForm::kServiceTag: break;
  }
  return std::nullopt;
}

std::optional<std::string> rule_host(const HostPattern& pattern) {
  switch (pattern.kind) {
    case HostPattern::Kind::kName: return pattern.name;
    case HostPattern::Kind::kBelow: return "*." + pattern.name;
    case HostPattern::Kind::kNameAndBelow: return "." + pattern.name;
    case HostPattern::Kind::kInfix: break;
  }
  return std::nullopt;
}

bool covers(const HostPattern& wide, const HostPattern& narrow) {
  using Kind = HostPattern::Kind;
  if (wide.kind == Kind::kInfix) return narrow.kind == Kind::kInfix && wide.name == narrow.name;
  if (wide.kind != Kind::kName && narrow.name.ends_with("." + wide.name)) return true;
  if (wide.name != narrow.name) return false;
  return wide.kind == Kind::kNameAndBelow || wide.kind == narrow.kind;
}

}  // namespace aks::allow_list
