#include "aks/own_entries.h"

#include <vector>

#include "aks/audit/expectation.h"
#include "aks/entry_keys.h"

namespace aks {

std::vector<std::string> own_entries(const std::vector<std::string>& list,
                                     const ClusterFacts& facts) {
  std::vector<std::string> added;
  for (const EffectiveEntry& each : effective_no_proxy({}, facts)) added.push_back(each.text);
  const EntryKeys keys(added);
  std::vector<std::string> own = list;
  std::erase_if(own, [&keys](const std::string& entry) { return keys.contains(entry); });
  return own;
}

std::vector<std::string> own_live_entries(const std::vector<std::string>& list,
                                          const std::vector<std::string>& wanted,
                                          const ClusterFacts& facts) {
  std::vector<std::string> own = own_entries(list, facts);
  if (!EntryKeys(list).contains("konnectivity")) return own;
  const EntryKeys kept(wanted);
  std::erase_if(own, [&](const std::string& entry) {
    return !kept.contains(entry) && audit::may_be_added(entry, facts);
  });
  return own;
}

}  // namespace aks
