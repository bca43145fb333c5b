// One entry of a list under the linter's eyes. Inside the room; everyone else asks lint_list().
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "aks/no_proxy/lint.h"

namespace aks::no_proxy {

struct EntryReading {
  std::optional<ListFinding> finding;
  std::vector<std::string> portable;  // what to write for it; empty to leave it out
};

// `all` is the whole list, since an entry may be made whole by another one.
EntryReading read_entry(const std::string& entry, const std::vector<std::string>& all);

}  // namespace aks::no_proxy
