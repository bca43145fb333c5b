#include "aks/entry_keys.h"

#include "aks/no_proxy_entry.h"

namespace aks {

EntryKeys::EntryKeys(const std::vector<std::string>& entries) {
  for (const std::string& entry : entries) keys_.insert(key_of(parse_no_proxy_entry(entry)));
}

bool EntryKeys::contains(std::string_view entry) const {
  return keys_.contains(key_of(parse_no_proxy_entry(entry)));
}

}  // namespace aks
