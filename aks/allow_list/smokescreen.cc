// Smokescreen's ACL file, version v1: a * may only stand for all labels in front.
#include <set>

#include "aks/allow_list/parts.h"

namespace aks::allow_list {

std::string smokescreen_acl(const Selection& selection) {
  ProxyEntries found = proxy_entries(selection);
  std::string domains;
  std::set<std::string> seen;  // ports don't matter here, so that hosts may come twice
  const auto add = [&](const Endpoint& endpoint, const std::string& glob) {
    if (!seen.insert(glob).second) return;
    domains += "    # " + remark(endpoint, selection.provenance) + "\n    - \"" + glob + "\"\n";
  };
  for (const auto& [pattern, endpoint] : found.entries) {
    using Kind = HostPattern::Kind;
    if (pattern.kind == Kind::kInfix) {
      found.left_out.emplace_back(endpoint, "a glob has no * inside a label");
      continue;
    }
    if (pattern.kind != Kind::kBelow) add(*endpoint, pattern.name);
    if (pattern.kind != Kind::kName) add(*endpoint, "*." + pattern.name);
  }
  return heading(selection,
                 {"An ACL file for Smokescreen's --egress-acl-file. It has no ports: each",
                  "host may be reached on all that Smokescreen allows."}) +
         left_out_lines(found) +
         "version: v1\nservices: []\ndefault:\n  name: default\n  project: aks\n"
         "  action: enforce\n  allowed_domains:" +
         (domains.empty() ? " []\n" : "\n" + domains);
}

}  // namespace aks::allow_list
