// A selection of the catalogue for people and for machines.
#pragma once

#include <string>

#include "aks/allow_list/allow_list.h"

namespace aks {

// A table, a line an endpoint, and below it where the data comes from.
std::string endpoint_table(const allow_list::Selection& selection);

// {"query", "source", "endpoints": [{…, "source"}]}.
std::string endpoint_json(const allow_list::Selection& selection);

// "proxy", "direct".
std::string_view token_of(Route route);

}  // namespace aks
