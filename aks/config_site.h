// Where httpProxyConfig stands in a document: alone, wrapped in a cluster's object, or in the
// clusters of an ARM template, nested deployments included.
#pragma once

#include <string>
#include <vector>

#include "aks/document.h"

namespace aks {

enum class Place {
  kFile,      // the document is the configuration, as the az CLI wants it
  kWrapped,   // inside "httpProxyConfig" or "properties.httpProxyConfig" of one object
  kTemplate,  // in a managedClusters resource of an ARM template
};

// Pointers go into the document, which outlives them.
struct ConfigSite {
  Place place = Place::kFile;
  const config::Node* object = nullptr;
  std::string path = "$";
  const config::Node* deployment = nullptr;  // the template around it, for its parameters
};

// What stands beside the configuration and must agree with it.
struct ClusterSite {
  const config::Node* properties = nullptr;
  std::string path;
};

struct Sites {
  std::vector<ConfigSite> configs;
  std::vector<ClusterSite> clusters;     // with a httpProxyConfig, resources of templates included
  std::vector<ClusterSite> agent_pools;  // agentPools resources of their own
};

// Finds them all. A document without any gets an error.
Sites find_sites(const Document& document, std::vector<Finding>& findings);

// "[parameters('proxy')]": to be computed by ARM, not text.
bool is_expression(const config::Node& node);

// The value that an expression stands for when that is a parameter's default or a variable with a
// value of its own; `node` itself when it is no expression; nullptr when only ARM can tell.
const config::Node* resolve(const config::Node& node, const ConfigSite& site);

}  // namespace aks
