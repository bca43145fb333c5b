// Sluice's own policy rules (docs/policy.md).
#include <map>

#include "aks/allow_list/parts.h"

namespace aks::allow_list {
std::string sluice_rules(const Selection& selection) {
  ProxyEntries found = proxy_entries(selection);
  // One rule for each group and port, in the catalogue's order.
  std::vector<std::pair<std::string, std::uint16_t>> order;
  std::map<std::pair<std::string, std::uint16_t>, std::string> hosts;
  for (const Entry& entry : found.entries) {
    const auto host = rule_host(entry.pattern);
    if (!host) {
      found.left_out.emplace_back(entry.endpoint, "a rule has no * inside a label");
      continue;
    }
    const std::pair key(entry.endpoint->groups.front(), entry.endpoint->port);
    std::string& lines = hosts[key];
    if (lines.empty()) order.push_back(key);
    lines += "        # " + remark(*entry.endpoint, selection.provenance) + "\n        - \"" +
             *host + "\"\n";
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
