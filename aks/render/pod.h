// The variables that pods get, as a container's `env`.
#pragma once

#include <string>

#include "aks/render/document.h"
#include "aks/render/values.h"

namespace aks::render {

// The list for a container's `env`: six names and their values, '$' doubled so that Kubernetes
// leaves it alone.
std::string pod_env(const Values& values, Format format);

}  // namespace aks::render
