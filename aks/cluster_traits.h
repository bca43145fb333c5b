// What is known about a cluster beyond its names and ranges, as far as it bears on egress.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace aks {

// Node Disruption Policy (preview): when AKS may reimage nodes because people changed something.
enum class Disruption : std::uint8_t { kAllow, kMaintenanceWindow, kBlock };

// Anything unknown is false or empty.
struct ClusterTraits {
  bool is_private = false;              // the API server has a private endpoint
  bool vnet_integration = false;        // the API server stands in the virtual network itself
  bool node_auto_provisioning = false;  // nodes come and go without node pools
  bool artifact_cache = false;          // images of the system come from a registry of one's own
  std::string cache_registry;           // that registry's name, "contoso"
  std::string outbound_type;            // "loadbalancer", "userdefinedrouting", "none", "block"…
  std::vector<std::string> addons;      // in the catalogue's names, "monitor", "policy"…
  std::vector<std::string> pools;       // names of the node pools
  Disruption disruption = Disruption::kAllow;
  std::size_t custom_ca_certificates = 0;  // of custom CA trust, which is beside trustedCa
  std::vector<std::string> systems;  // osSKUs of the node pools, "Ubuntu", "Flatcar"…, each once
  std::optional<std::vector<std::string>> no_proxy;            // of the cluster's own configuration
  std::optional<std::vector<std::string>> effective_no_proxy;  // as AKS has computed it
};

// Whether the cluster is network-isolated: it has no way out at all, or takes its images from a
// registry of its own.
inline bool is_network_isolated(const ClusterTraits& traits) {
  return traits.artifact_cache || traits.outbound_type == "none" || traits.outbound_type == "block";
}

}  // namespace aks
