// azurerm_kubernetes_cluster in the names that Azure has for its attributes.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "aks/sites/finders.h"

namespace aks::sites {

class TerraformClusters {
 public:
  // `search` outlives this.
  explicit TerraformClusters(Search& search) : search_(search) {}

  // Adds a cluster to those that the document declares.
  ShownCluster add(const config::Node& values, const std::string& path);

  // Whether resources of the type are networks of clusters.
  static bool is_network(std::string_view type);
  // Remembers a network. `values` lives as long as the search's sites.
  void network(std::string_view type, const config::Node& values);

  // Gives the clusters the ranges of their networks, where the document has these.
  void connect();

 private:
  struct Network {
    std::string id;
    const config::Node* ranges;
  };
  struct Added {
    config::Node* properties;
    std::string subnet;  // its id, "" when unknown
  };

  Search& search_;
  std::vector<Network> networks_;
  std::vector<Added> added_;
};

}  // namespace aks::sites
