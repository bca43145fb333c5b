// Where httpProxyConfig stands in a document: alone, wrapped in a cluster's object, in what Azure
// prints, or in infrastructure code.
#pragma once

#include <deque>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "aks/document.h"
#include "aks/shown_cluster.h"

namespace aks {

enum class Place {
  kFile,      // the document is the configuration, as the az CLI wants it
  kWrapped,   // inside "httpProxyConfig" or "properties.httpProxyConfig" of one object
  kTemplate,  // in infrastructure code: an ARM template, a plan of Terraform, a manifest
  kLive,      // in what Azure says of a cluster that exists
};

// What a document calls the fields of a configuration.
struct FieldNames {
  const char* http_proxy;
  const char* https_proxy;
  const char* no_proxy;
  const char* trusted_ca;
  const char* enabled;
  const char* effective_no_proxy;
};
inline constexpr FieldNames kArmNames = {"httpProxy", "httpsProxy", "noProxy",
                                         "trustedCa", "enabled",    "effectiveNoProxy"};
inline constexpr FieldNames kTerraformNames = {"http_proxy", "https_proxy", "no_proxy",
                                               "trusted_ca", "enabled",     "effective_no_proxy"};

// Pointers go into the document or into Sites::made; both outlive them. Values that only a
// deployment knows are unknown (is_unknown), a whole object may be.
struct ConfigSite {
  Place place = Place::kFile;
  const config::Node* object = nullptr;
  std::string path = "$";
  const FieldNames* names = &kArmNames;
  // Of the cluster's type, "2025-05-01"; "" when the document does not say.
  std::string api_version;
  std::vector<Finding> notes;   // where its values came from
  size_t cluster = kNoCluster;  // index in Sites::clusters

  static constexpr size_t kNoCluster = static_cast<size_t>(-1);
};

// What stands beside the configuration and must agree with it.
struct ClusterSite {
  const config::Node* properties = nullptr;
  std::string path;
  ShownCluster shown;  // the same in Azure's names
};

struct Sites {
  std::vector<ConfigSite> configs;
  std::vector<ClusterSite> clusters;     // with a httpProxyConfig, resources of templates included
  std::vector<ClusterSite> agent_pools;  // node pools that are resources of their own
  // All that infrastructure code declares, with or without a proxy, in Azure's names.
  std::vector<ShownCluster> declared;
  std::deque<config::Node> made;  // values that expressions gave, and other names
};

// Values that a deployment gives the parameters of a template, by name in small letters.
using GivenParameters = std::map<std::string, config::Node, std::less<>>;

// Finds them all. A document that could have some and has none gets a warning, one in which Azure
// says that a cluster has no proxy a note.
Sites find_sites(const Document& document, const GivenParameters& given,
                 std::vector<Finding>& findings);

// The same with the template's own values alone.
inline Sites find_sites(const Document& document, std::vector<Finding>& findings) {
  return find_sites(document, {}, findings);
}

// Reads a file of parameters ("parameters": {NAME: {"value": …}}), or what `bicep build-params`
// prints around one. Appends an error when it is neither.
GivenParameters parse_parameters(std::string_view text, std::vector<Finding>& findings);

}  // namespace aks
