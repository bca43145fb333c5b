// What somebody holds against pods, nodes and the live cluster: a configuration, and what else its
// document tells.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "aks/cluster_facts.h"
#include "aks/http_proxy_config.h"

namespace aks::audit {

struct ClusterState {
  HttpProxyConfig config;  // of a cluster without a proxy: disabled, with nothing in it
  // The list that AKS itself computed, where the document has it.
  std::optional<std::vector<std::string>> effective_no_proxy;
  // Of a document that describes a whole cluster, as `az aks show` prints it.
  std::optional<ClusterFacts> facts;
  std::optional<ClusterTraits> traits;
};

struct ParsedState {
  std::optional<ClusterState> state;  // nullopt when a finding is an error
  std::vector<Finding> findings;      // errors, and warnings about facts
};

// Reads a configuration's file, a template with one cluster, or a cluster as Azure prints it. What
// is merely odd about a configuration is `validate`'s to say and left out.
ParsedState parse_cluster_state(std::string_view text);

}  // namespace aks::audit
