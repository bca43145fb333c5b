// A proxy auto-config file for browsers and desktops that are to behave as the cluster does.
#pragma once

#include <string>

#include "aks/effective_no_proxy.h"
#include "aks/http_proxy_config.h"

namespace aks::render {

// JavaScript with FindProxyForURL. It follows the effective noProxy by Go's rule
// (no_proxy/match.h), entry by entry, and asks no resolver. Without a fallback: a proxy that is
// down is an error, as for the cluster. Everything is DIRECT when the configuration is disabled.
std::string pac_file(const HttpProxyConfig& config, const ClusterFacts& facts);

}  // namespace aks::render
