// A cluster's facts as a file, so that they need not be repeated as flags.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "aks/effective_no_proxy.h"
#include "aks/finding.h"

namespace aks {

struct ParsedFacts {
  std::optional<ClusterFacts> facts;  // nullopt when a finding is an error
  std::string distro;                 // as written; "" when absent
  std::vector<Finding> findings;
};

// Parses {"fqdn", "region", "distro", "podCidrs", "serviceCidrs", "vnetCidrs", "subnetCidrs"}, all
// optional, the CIDRs arrays of strings; or the output of `az aks show`, which has all of these but
// the distribution, the virtual network and the subnet.
ParsedFacts parse_cluster_facts(std::string_view json);

}  // namespace aks
