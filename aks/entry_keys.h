// Entries of a noProxy list, to be asked for in any of the spellings that mean the same.
#pragma once

#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

namespace aks {

class EntryKeys {
 public:
  explicit EntryKeys(const std::vector<std::string>& entries);

  bool contains(std::string_view entry) const;

 private:
  std::unordered_set<std::string> keys_;  // as of key_of
};

}  // namespace aks
