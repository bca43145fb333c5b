// What a template says beside httpProxyConfig that AKS does not support together with it.
#pragma once

#include <vector>

#include "aks/config_site.h"
#include "aks/finding.h"

namespace aks {

// Appends Windows profiles and pools, availability sets, proxy settings of a node pool, and an
// authority for the API server. Clusters without httpProxyConfig are not looked at; pools that are
// resources of their own are, once any cluster of the document has one.
void lint_unsupported(const Sites& sites, std::vector<Finding>& findings);

}  // namespace aks
