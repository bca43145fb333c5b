// noProxy held against the endpoint catalogue: what a cluster needs through its proxy must not
// bypass it.
#pragma once

#include <vector>

#include "aks/no_proxy_list.h"

namespace aks {

// Appends a warning for each entry that takes required endpoints past the proxy, with their names:
// those of the cluster's cloud and add-ons as far as `facts` tell, else of every cloud. Entries
// that send all names past the proxy (".com") or all addresses ("0.0.0.0/0") are one thing with
// "*". Private registries and API servers are left alone, and network-isolated clusters as a whole,
// since they need none of these endpoints.
void lint_required_endpoints(const std::vector<ListEntry>& entries, const Facts& facts,
                             std::vector<Finding>& findings);

}  // namespace aks
