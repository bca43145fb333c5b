// httpProxyConfig for the tools that create clusters. They get the user's own noProxy: AKS adds its
// entries itself.
#pragma once

#include <string>
#include <vector>

#include "aks/finding.h"
#include "aks/http_proxy_config.h"

namespace aks::render {

// The file of `az aks create --http-proxy-config`. httpsProxy is written out even where AKS would
// fill it in.
std::string cli_file(const HttpProxyConfig& config);

// {"properties": {"httpProxyConfig": …}}, to be merged into a managedClusters resource.
std::string arm_template(const HttpProxyConfig& config);

// The property httpProxyConfig of a managedClusters resource's `properties`.
std::string bicep_property(const HttpProxyConfig& config);

// The block http_proxy_config of azurerm_kubernetes_cluster, and a lifecycle block: AKS returns its
// own entries inside noProxy, which Terraform would otherwise report as a change for ever.
std::string terraform_block(const HttpProxyConfig& config, std::vector<Finding>& findings);

}  // namespace aks::render
