// What people tell about their cluster as a file, so that it need not be repeated as flags.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "aks/cluster_traits.h"
#include "aks/effective_no_proxy.h"
#include "aks/finding.h"
#include "aks/shown_cluster.h"

namespace aks {

struct ParsedFacts {
  std::optional<ClusterFacts> facts;            // nullopt when a finding is an error
  std::string distro;                           // as written; "" when absent
  std::vector<std::string> private_registries;  // names of registries with a private link
  ClusterTraits traits;
  std::vector<Finding> findings;
};

// Parses JSON or YAML: an object with the members of fact_names(), all optional; one cluster as
// Azure prints it (`az aks show`, ARM's GET, the portal, a row of Resource Graph), which tells all
// but a virtual network of one's own and registries; or infrastructure code that declares one
// (a template, `terraform show -json`, manifests of Cluster API and Azure Service Operator), which
// tells what it knows before it is deployed. A missing region is taken from the API server's name.
// Several clusters in one document are an error.
ParsedFacts parse_cluster_facts(std::string_view text);

// "fqdn, region, …": the members of the file, for messages and help.
std::string fact_names();

// The facts of one cluster that Azure printed. A private cluster's API server is called by its
// private name, unless its DNS zone is "none". A network that AKS manages has AKS's ranges.
ParsedFacts facts_of(const ShownCluster& cluster);

}  // namespace aks
