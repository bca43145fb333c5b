#include "aks/unsupported.h"

#include "base/ascii.h"

namespace aks {
namespace {

using config::Node;

class Linter {
 public:
  explicit Linter(std::vector<Finding>& findings) : findings_(findings) {}

  void cluster(const ClusterSite& site) {
    // A windowsProfile says nothing: AKS adds one to clusters that have no Windows nodes.
    for (const char* key : {"agentPoolProfiles", "default_node_pool"}) {
      const Node* pools = member_anycase(*site.properties, key);
      if (pools != nullptr && is_unknown(*pools)) unknown(*pools, path_to(site.path, key));
      for (size_t i = 0; pools != nullptr && i < pools->items.size(); ++i)
        pool(pools->items[i], path_to(path_to(site.path, key), i));
    }
    if (const Node* api_server = member_anycase(*site.properties, "apiServerAccessProfile")) {
      authority(*api_server, path_to(site.path, "apiServerAccessProfile"));
    }
  }

  void pool(const Node& pool, const std::string& path) {
    if (is_unknown(pool)) return unknown(pool, path);
    for (const char* key : {"osType", "os_type"}) {
      const Node* os = member_anycase(pool, key);
      if (os != nullptr && is_unknown(*os)) unknown(*os, path_to(path, key));
      if (os == nullptr || !base::iequals(os->text, "Windows")) continue;
      error(*os, "unsupported-windows", path_to(path, key),
            "a cluster with an HTTP proxy can't have Windows node pools: move the pool to another "
            "cluster");
    }
    for (const char* key : {"osSku", "os_sku"}) {
      const Node* system = member_anycase(pool, key);
      if (system == nullptr || !base::iequals(system->text, "Flatcar")) continue;
      findings_.push_back({Severity::kWarning, "unsupported-flatcar", path_to(path, key),
                           flatcar_warning(), json_string("AzureLinux"), system->line,
                           system->column});
    }
    for (const char* key : {"enableCustomCATrust", "custom_ca_trust_enabled"}) {
      const Node* trust = member_anycase(pool, key);
      if (trust == nullptr || !boolean_of(*trust).value_or(false)) continue;
      findings_.push_back({Severity::kWarning, "unsupported-custom-ca-trust", path_to(path, key),
                           "this preview of custom CA trust, by pool, was retired on 2026-09-14: "
                           "remove it, and give the cluster its certificates (az aks update "
                           "--custom-ca-trust-certificates FILE, at most 10, "
                           "securityProfile.customCATrustCertificates in templates)",
                           "", trust->line, trust->column});
    }
    if (const Node* type = member_anycase(pool, "type");
        type && base::iequals(type->text, "AvailabilitySet")) {
      error(*type, "unsupported-availability-set", path_to(path, "type"),
            "a cluster with an HTTP proxy can't have node pools in availability sets: use scale "
            "sets",
            json_string("VirtualMachineScaleSets"));
    }
    for (const Node& key : pool.keys) {
      if (base::lower(key.text).find("proxy") == std::string::npos) continue;
      error(key, "unsupported-pool-proxy", path_to(path, key.text),
            "proxy settings belong to the whole cluster; a node pool can't have its own: remove "
            "them here");
    }
  }

 private:
  void unknown(const Node& node, std::string path) {
    findings_.push_back({Severity::kNote, "template-pools", std::move(path),
                         "only a deployment knows the node pools here, so nobody has looked "
                         "whether one is of Windows, which a cluster with an HTTP proxy can't "
                         "have: check the template with the values of its parameters "
                         "(--parameters), or the cluster afterwards",
                         "", node.line, node.column});
  }

  void error(const Node& node, const char* rule, std::string path, std::string message,
             std::string fix = "") {
    findings_.push_back({Severity::kError, rule, std::move(path), std::move(message),
                         std::move(fix), node.line, node.column});
  }

  void authority(const Node& profile, const std::string& path) {
    for (const Node& key : profile.keys) {
      const std::string name = base::lower(key.text);
      bool about_authority = false;
      for (const char* word : {"trustedca", "customca", "cacert", "certificateauthorit"}) {
        about_authority = about_authority || name.find(word) != std::string::npos;
      }
      if (!about_authority) continue;
      error(key, "unsupported-api-server-authority", path_to(path, key.text),
            "AKS knows no authority of one's own for the way to the API server: nodes pin the "
            "cluster's; remove it, and let the API server bypass the proxy");
    }
  }

  std::vector<Finding>& findings_;
};

}  // namespace

std::string flatcar_warning() {
  return "AKS makes no new node pools of Flatcar Container Linux since 2026-06-08 and removes its "
         "images on 2026-09-08, after which nodes can't be reimaged, as every change of the proxy "
         "does: move to Azure Linux or Azure Container Linux, its successor";
}

void lint_unsupported(const Sites& sites, std::vector<Finding>& findings) {
  Linter linter(findings);
  for (const ClusterSite& site : sites.clusters) linter.cluster(site);
  if (sites.configs.empty()) return;
  for (const ClusterSite& site : sites.agent_pools) linter.pool(*site.properties, site.path);
}

}  // namespace aks
