// trustedCa for pods: AKS installs it on nodes alone.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "aks/finding.h"
#include "aks/http_proxy_config.h"
#include "aks/render/document.h"

namespace aks::render {

struct CaBundleOptions {
  std::string name = "proxy-ca";
  std::string name_space;               // "" leaves it to kubectl
  std::vector<std::string> containers;  // that the patch is for
  std::string roots_pem;                // the roots that clients have today; "" when unknown
  enum class Kind { kConfigMap, kSecret };
  Kind kind = Kind::kConfigMap;
};

// The ConfigMap, or a Secret for who keeps certificates there: "proxy-ca.crt", and with roots
// "ca-bundle.crt", which is the roots and trustedCa. nullopt when a finding is an error: no
// trustedCa, roots that are no certificates, more than the 1 MiB that either holds.
std::optional<std::string> ca_config_map(const HttpProxyConfig& config,
                                         const CaBundleOptions& options, Format format,
                                         std::vector<Finding>& findings);

// A strategic merge patch of a workload that mounts the ConfigMap and tells clients of it.
// NODE_EXTRA_CA_CERTS adds to Node's roots; SSL_CERT_FILE and REQUESTS_CA_BUNDLE replace a client's
// roots, so they are set only when the ConfigMap has those too. nullopt without a container.
std::optional<std::string> ca_mount_patch(const CaBundleOptions& options, Format format,
                                          std::vector<Finding>& findings);

}  // namespace aks::render
