#include "aks/own_entries.h"

#include <algorithm>

#include "aks/audit/expectation.h"
#include "aks/no_proxy_entry.h"

namespace aks {
namespace {

std::string key_of_text(const std::string& entry) { return key_of(parse_no_proxy_entry(entry)); }

std::vector<std::string> keys_of(const std::vector<std::string>& entries) {
  std::vector<std::string> keys;
  keys.reserve(entries.size());
  for (const std::string& entry : entries) keys.push_back(key_of_text(entry));
  std::sort(keys.begin(), keys.end());
  return keys;
}

bool contains(const std::vector<std::string>& sorted, const std::string& key) {
  return std::binary_search(sorted.begin(), sorted.end(), key);
}

}  // namespace

std::vector<std::string> own_entries(const std::vector<std::string>& list,
                                     const ClusterFacts& facts) {
  std::vector<std::string> added;
  for (const EffectiveEntry& each : effective_no_proxy({}, facts)) added.push_back(each.text);
  added = keys_of(added);
  std::vector<std::string> own = list;
  std::erase_if(own,
                [&added](const std::string& entry) { return contains(added, key_of_text(entry)); });
  return own;
}

std::vector<std::string> own_live_entries(const std::vector<std::string>& list,
                                          const std::vector<std::string>& wanted,
                                          const ClusterFacts& facts) {
  std::vector<std::string> own = own_entries(list, facts);
  if (!contains(keys_of(list), key_of_text("konnectivity"))) return own;
  const std::vector<std::string> kept = keys_of(wanted);
  std::erase_if(own, [&](const std::string& entry) {
    return !contains(kept, key_of_text(entry)) && audit::may_be_added(entry, facts);
  });
  return own;
}

}  // namespace aks
