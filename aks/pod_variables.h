// The proxy variables that AKS gives the containers of a pod.
#pragma once

#include <string>
#include <vector>

#include "aks/effective_no_proxy.h"
#include "aks/http_proxy_config.h"

namespace aks {

struct PodVariable {
  std::string name;
  std::string value;

  friend bool operator==(const PodVariable&, const PodVariable&) = default;
};

// http_proxy, HTTP_PROXY, https_proxy, HTTPS_PROXY, no_proxy and NO_PROXY, in the order seen in AKS
// pods; both spellings have one value. A pair without a value is left out; a configuration that is
// disabled gives none at all. Values hold no '$', so Kubernetes has nothing to expand in them.
std::vector<PodVariable> pod_variables(const HttpProxyConfig& config, const ClusterFacts& facts);

}  // namespace aks
