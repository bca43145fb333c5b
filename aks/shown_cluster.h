// Clusters as Azure prints them: `az aks show` and `az aks list`, ARM's GET (`az rest`, the
// portal's JSON view) and rows of Resource Graph.
#pragma once

#include <string>
#include <vector>

#include "aks/document.h"

namespace aks {

// Pointers go into the document, which outlives them.
struct ShownCluster {
  const config::Node* resource = nullptr;  // has id, name and location
  std::string resource_path;
  // Has fqdn, networkProfile and httpProxyConfig: ARM's "properties", or the resource itself, since
  // the az CLI prints both as one object.
  const config::Node* properties = nullptr;
  std::string path;  // of the properties
};

// All clusters of the document: the object itself, those of a list, of {"value": […]} and of
// {"data": […]}. None when the document is something else.
std::vector<ShownCluster> find_shown_clusters(const config::Node& root);

// Whether the cluster exists and Azure said so: it has an id or a provisioning state, which nobody
// writes into a template.
bool is_live(const ShownCluster& cluster);

}  // namespace aks
