// The noProxy list that nodes and pods really get: the user's entries and those that AKS adds.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/ip.h"

namespace aks {

// Where pods get their addresses: from a range of their own (overlay, kubenet) or from the nodes'
// subnet and its like (flat).
enum class PodNetwork { kUnknown, kOwnRange, kFlat };

// What a cluster's own names and ranges are. Anything unknown stays empty.
struct ClusterFacts {
  // Of the API server as nodes call it, e.g. "demo-1a2b.hcp.westeurope.azmk8s.io"; of a private
  // cluster "demo-1a2b.ID.privatelink.westeurope.azmk8s.io".
  std::string fqdn;
  std::string region;  // short name, e.g. "westeurope"
  std::vector<base::Cidr> pod_cidrs;
  std::vector<base::Cidr> service_cidrs;
  std::vector<base::Cidr> vnet_cidrs;
  std::vector<base::Cidr> subnet_cidrs;
  PodNetwork pod_network = PodNetwork::kUnknown;
};

// Whether the cluster has IPv6 ranges, and its virtual network, of which ranges are known, must
// have one that is not: where AKS makes the network, Azure shows none of them.
bool lacks_ipv6_network(const ClusterFacts& facts);

enum class NoProxySource { kUser, kAlways, kApiServer, kVnet, kSubnet, kPods, kServices };

struct EffectiveEntry {
  std::string text;
  NoProxySource source = NoProxySource::kUser;
};

// The user's entries, then localhost, 127.0.0.1, 168.63.129.16, 169.254.169.254 and konnectivity,
// the API server's name, then VNet, pod and service prefixes; where pods have no range of their
// own, the nodes' subnet stands in its place. AKS documents no order; this one is stable. Of
// entries that differ in case or a trailing dot only, the first stays.
std::vector<EffectiveEntry> effective_no_proxy(const std::vector<std::string>& user,
                                               const ClusterFacts& facts);

// The value of NO_PROXY: entries joined by ',' without blanks, as node scripts write it.
std::string join_no_proxy(const std::vector<EffectiveEntry>& entries);

// "westeurope" from "demo-1a2b.hcp.westeurope.azmk8s.io" and from
// "demo-1a2b.ID.privatelink.westeurope.azmk8s.io"; "" for a name of another shape.
std::string region_of_fqdn(std::string_view fqdn);

// Why the entry is there, e.g. "added by AKS: the cluster's pods".
std::string_view describe(NoProxySource source);

}  // namespace aks
