// What people tell about their cluster as a file, so that it need not be repeated as flags.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "aks/effective_no_proxy.h"
#include "aks/finding.h"

namespace aks {

struct ParsedFacts {
  std::optional<ClusterFacts> facts;            // nullopt when a finding is an error
  std::string distro;                           // as written; "" when absent
  std::vector<std::string> private_registries;  // names of registries with a private link
  std::vector<Finding> findings;
};

// Parses JSON or YAML: {"fqdn", "region", "distro", "podCidrs", "serviceCidrs", "vnetCidrs",
// "subnetCidrs", "privateRegistries"}, all optional, the last five arrays of strings ("contoso" or
// "contoso.azurecr.io" for a registry); or the output of `az aks show`, which has all of these but
// the distribution, the virtual network, the subnet and registries. A missing region is taken from
// fqdn.
ParsedFacts parse_cluster_facts(std::string_view text);

}  // namespace aks
