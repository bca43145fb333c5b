// The proxy variables that AKS gives the containers of a pod.
#pragma once

#include <string>
#include <vector>

#include "aks/render/values.h"

namespace aks {

struct PodVariable {
  std::string name;
  std::string value;  // as a container's entry has it: each '$' doubled, so that none is expanded

  friend bool operator==(const PodVariable&, const PodVariable&) = default;
};

// HTTP_PROXY, http_proxy, HTTPS_PROXY, https_proxy, NO_PROXY and no_proxy, in the order seen in the
// specs of AKS pods; both spellings have one value. A pair without a value is left out.
std::vector<PodVariable> pod_variables(const render::Values& values);

}  // namespace aks
