// Sluice's own policy rules (docs/policy.md).
#include <map>

#include "aks/allow_list/parts.h"

namespace aks::allow_list {
namespace {

std::string host_of(const HostPattern& pattern) {
  switch (pattern.kind) {
    case HostPattern::Kind::kName: return pattern.name;
    case HostPattern::Kind::kBelow: return "\"*." + pattern.name + "\"";
    default: return "\"." + pattern.name + "\"";
  }
}

}  // namespace

std::string sluice_rules(const Selection& selection) {
  ProxyEntries found = proxy_entries(selection);
  // One rule for each group and port, in the catalogue's order.
  std::vector<std::pair<std::string, std::uint16_t>> order;
  std::map<std::pair<std::string, std::uint16_t>, std::string> hosts;
  for (const Entry& entry : found.entries) {
    if (entry.pattern.kind == HostPattern::Kind::kInfix) {
      found.left_out.emplace_back(entry.endpoint, "a rule has no * inside a label");
      continue;
    }
    const std::pair key(entry.endpoint->groups.front(), entry.endpoint->port);
    std::string& lines = hosts[key];
    if (lines.empty()) order.push_back(key);
    lines += "        # " + remark(*entry.endpoint, selection.provenance) + "\n        - " +
             host_of(entry.pattern) + "\n";
  }
  std::string out = heading(selection, {"Rules of sluice.yaml; everything else is denied."});
  out += left_out_lines(found);
  out += "policy:\n  default_action: deny\n";
  out += order.empty() ? "  rules: []\n" : "  rules:\n";
  for (const auto& key : order) {
    const std::string port = std::to_string(key.second);
    out += "    - name: aks-" + key.first + "-" + port + "\n      action: allow\n      ports: [" +
           port + "]\n      hosts:\n" + hosts[key];
  }
  return out;
}

}  // namespace aks::allow_list
