// The effective noProxy with the reason for each entry, for people and machines.
#pragma once

#include <string>
#include <vector>

#include "aks/effective_no_proxy.h"

namespace aks::render {

// A line an entry: the entry, then why it is there.
std::string effective_table(const std::vector<EffectiveEntry>& entries);

// {"noProxy": "a,b", "entries": [{"entry", "source", "why"}]}.
std::string effective_json(const std::vector<EffectiveEntry>& entries);

}  // namespace aks::render
