// The part of the plan that covers noProxy: what must be reached without the proxy.
#pragma once

#include <vector>

#include "check/plan.h"

namespace check {

// One probe or one skipped line for each entry of the effective list, in its order. Entries that
// name the API server or a service range are known by `cluster`, whoever listed them; a name shaped
// like an API server's counts too. The destination behind a service range is the API server's
// service address, the first after the network's own.
std::vector<Probe> plan_no_proxy(const std::vector<aks::EffectiveEntry>& entries,
                                 const aks::ClusterFacts& cluster, Vantage vantage);

}  // namespace check
