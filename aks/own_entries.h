// noProxy as people wrote it, without what AKS adds by itself: that may be written or not, and
// means the same.
#pragma once

#include <string>
#include <vector>

#include "aks/effective_no_proxy.h"

namespace aks {

std::vector<std::string> own_entries(const std::vector<std::string>& list,
                                     const ClusterFacts& facts);

// The same of a live cluster. Older versions of the service wrote their additions back into
// noProxy, also those for facts that nobody told. "konnectivity", which nobody writes by hand,
// shows that they did: then what may be such an addition goes too, unless it is wanted.
std::vector<std::string> own_live_entries(const std::vector<std::string>& list,
                                          const std::vector<std::string>& wanted,
                                          const ClusterFacts& facts);

}  // namespace aks
