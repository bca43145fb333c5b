// The six proxy variables, as AKS injects them into pods and writes them on nodes.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "aks/http_proxy_config.h"

namespace aks {

// Returns a variable's value, nullopt when it is not set. std::getenv behind a lambda, or a map.
using GetVariable = std::function<std::optional<std::string>(const char* name)>;

// Reads HTTP_PROXY, HTTPS_PROXY, NO_PROXY and their lower-case twins. AKS sets both spellings to
// one value; where they differ, the upper-case one is used, as Go does (so kubelet and containerd),
// with a warning. Unlike in the JSON file nothing falls back from https to http: clients do not.
// Empty counts as not set. trusted_ca_pem stays empty.
ParsedConfig from_environment(const GetVariable& get);

}  // namespace aks
