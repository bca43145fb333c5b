// What a template says beside httpProxyConfig that AKS does not support together with it.
#pragma once

#include <string>
#include <vector>

#include "aks/config_site.h"
#include "aks/finding.h"

namespace aks {

// Appends Windows pools, pools of Flatcar (a warning), availability sets, proxy settings of a node
// pool, and an authority for the API server. Clusters without httpProxyConfig are not looked at;
// pools that are resources of their own are, once any cluster of the document has one.
void lint_unsupported(const Sites& sites, std::vector<Finding>& findings);

// That the end of Flatcar is near, and what to do, in a sentence.
std::string flatcar_warning();

}  // namespace aks
