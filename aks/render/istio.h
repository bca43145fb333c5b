// What a mesh has to know about the proxy: Envoy takes a CONNECT on an unknown port for HTTP of its
// own and answers 404.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "aks/finding.h"
#include "aks/http_proxy_config.h"
#include "aks/render/document.h"

namespace aks::render {

struct IstioOptions {
  std::optional<base::IpAddress> proxy_address;  // of a proxy that the configuration names
  std::string name_space;                        // "" leaves it to kubectl
};

// A ServiceEntry (networking.istio.io/v1, protocol TCP) for each of the proxy's hosts. A finding
// says when a named proxy has no address: Istio then claims its port on every address. nullopt when
// a finding is an error, such as one address for two names.
std::optional<std::string> istio_service_entries(const HttpProxyConfig& config,
                                                 const IstioOptions& options, Format format,
                                                 std::vector<Finding>& findings);

// The other way, for one workload: a patch of its pod template that keeps the proxy's ports out of
// the sidecar.
std::string istio_annotation(const HttpProxyConfig& config, Format format);

}  // namespace aks::render
