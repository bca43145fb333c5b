// Sluice's own policy rules (docs/policy.md).
#include <map>
#include <tuple>

#include "aks/allow_list/parts.h"

namespace aks::allow_list {
std::string sluice_rules(const Selection& selection) {
  ProxyEntries found = proxy_entries(selection);
  // One rule for each group, port and way of tunnels, in the catalogue's order.
  using Key = std::tuple<std::string, std::uint16_t, Inspection>;
  std::vector<Key> order;
  std::map<Key, std::string> hosts;
  for (const Entry& entry : found.entries) {
    const auto host = rule_host(entry.pattern);
    if (!host) {
      found.left_out.emplace_back(entry.endpoint, "a rule has no * inside a label");
      continue;
    }
    const Key key(entry.endpoint->groups.front(), entry.endpoint->port, entry.endpoint->inspection);
    std::string& lines = hosts[key];
    if (lines.empty()) order.push_back(key);
    lines += "        # " + remark(*entry.endpoint, selection.provenance) + "\n        - \"" +
             *host + "\"\n";
  }
  std::string out = heading(selection, {"Rules of sluice.yaml; everything else is denied."});
  out += left_out_lines(found);
  out += "policy:\n  default_action: deny\n";
  out += order.empty() ? "  rules: []\n" : "  rules:\n";
  for (const Key& key : order) {
    const auto& [group, number, inspection] = key;
    const std::string port = std::to_string(number);
    const bool tunnel = inspection == Inspection::kForbidden;
    out += "    - name: aks-" + group + "-" + port + (tunnel ? "-tunnel" : "") +
           "\n      action: allow\n" + (tunnel ? "      connect: tunnel\n" : "") +
           "      ports: [" + port + "]\n      hosts:\n" + hosts[key];
  }
  return out;
}

}  // namespace aks::allow_list
