// What a container registry of one's own is reached by.
#pragma once

#include <vector>

#include "aks/catalogue.h"

namespace aks {

// For each registry of the query its own name and its data endpoints, one a region; those without a
// region of their own are taken to be in `region`, where "" leaves "{region}" in the name. Fails
// (client) with kBadRequest for names and regions that can't be.
base::Result<std::vector<Endpoint>> endpoints_of_registries(const Query& query,
                                                            const std::string& region);

}  // namespace aks
