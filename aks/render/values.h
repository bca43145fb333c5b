// What nodes and pods get of an httpProxyConfig: the values before any file format.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "aks/effective_no_proxy.h"
#include "aks/finding.h"
#include "aks/http_proxy_config.h"

namespace aks::render {

// Everything is empty when the configuration is disabled.
struct Values {
  std::string http_proxy;  // as written in the configuration
  std::string https_proxy;
  std::string no_proxy;    // effective, joined by ','
  std::string trusted_ca;  // base64 in one line

  // AKS's own condition for touching a node at all.
  bool configures_nodes() const { return !http_proxy.empty() || !https_proxy.empty(); }
};

Values values_of(const HttpProxyConfig& config, const ClusterFacts& facts);

using Variable = std::pair<std::string, std::string>;

// HTTP_PROXY, http_proxy, HTTPS_PROXY, https_proxy, NO_PROXY, no_proxy, as a node's files have
// them; those without a value are left out, as AKS leaves them out.
std::vector<Variable> variables_of(const Values& values);

// What render can't do well with this input: blanks and control characters (an error, since they
// end values and lines in a node's files) and facts that the effective noProxy misses.
void lint_values(const HttpProxyConfig& config, std::vector<Finding>& findings);
void lint_facts(const ClusterFacts& facts, std::vector<Finding>& findings);

}  // namespace aks::render
