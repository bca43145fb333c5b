#include <algorithm>
#include <array>

#include "aks/sites/finders.h"
#include "aks/sites/manifest_cluster.h"
#include "base/ascii.h"

namespace aks::sites {
namespace {

using config::Node;

constexpr int kMaxLists = 4;  // lists inside lists, and control planes around clusters

std::string text_of(const Node& node, const char* key) {
  const Node* value = member(node, key);
  return value == nullptr || value->kind != Node::Kind::kScalar ? "" : value->text;
}

// "v1api20240901preview" → "2024-09-01-preview"; "" for another shape.
std::string api_version_of(const std::string& version) {
  constexpr std::string_view kPrefix = "v1api";
  if (!version.starts_with(kPrefix) || version.size() < kPrefix.size() + 8) return "";
  const std::string digits = version.substr(kPrefix.size(), 8);
  if (!std::all_of(digits.begin(), digits.end(), base::is_digit)) return "";
  const std::string rest = version.substr(kPrefix.size() + 8);
  return digits.substr(0, 4) + "-" + digits.substr(4, 2) + "-" + digits.substr(6) +
         (rest.empty() ? "" : "-" + rest);
}

// "${PROXY}": clusterctl and others fill that in later.
void forget_substitutions(Node& node) {
  if (node.kind == Node::Kind::kScalar && node.text.find("${") != std::string::npos)
    make_unknown(node, std::string(node.text));
  for (Node& item : node.items) forget_substitutions(item);
}

class Finder {
 public:
  explicit Finder(Search& search) : search_(search) {}

  void object(const Node& node, const std::string& path, int level) {
    const std::string kind = text_of(node, "kind");
    const std::string version = text_of(node, "apiVersion");
    const std::string group = version.substr(0, version.find('/'));
    const Node* spec = member(node, "spec");
    std::string inner = path_to(path, "spec");
    if (kind.ends_with("List") && member(node, "items") != nullptr)
      return list(*member(node, "items"), path_to(path, "items"), level);
    if (spec == nullptr || spec->kind != Node::Kind::kMap) return;
    if (kind.ends_with("Template")) {
      for (const char* key : {"template", "spec"}) {
        spec = spec == nullptr ? nullptr : member(*spec, key);
        inner = path_to(inner, key);
      }
      if (spec == nullptr) return;
    }
    if (kind.starts_with("AzureASOManaged")) {
      if (const Node* resources = member(*spec, "resources"))
        list(*resources, path_to(inner, "resources"), level);
    } else if (kind.starts_with("AzureManagedControlPlane")) {
      cluster(*spec, inner, cluster_of_capz(node, *spec, search_.document), "");
    } else if (group == "containerservice.azure.com" && kind == "ManagedCluster") {
      cluster(*spec, inner, cluster_of_aso(*spec, member(node, "status")),
              api_version_of(version.substr(group.size() + 1)));
    } else if (kind.starts_with("AzureManagedMachinePool") ||
               (group == "containerservice.azure.com" && kind == "ManagedClustersAgentPool")) {
      search_.sites.agent_pools.push_back({spec, inner, {}});
    }
  }

 private:
  void list(const Node& items, const std::string& path, int level) {
    if (level > kMaxLists) return;
    for (size_t i = 0; i < items.items.size(); ++i)
      object(items.items[i], path_to(path, i), level + 1);
  }

  // `azures` is the cluster in Azure's names.
  void cluster(const Node& spec, const std::string& path, Node azures, std::string version) {
    forget_substitutions(azures);
    const Node& kept = keep(std::move(azures), search_);
    const ShownCluster shown{&kept, path, &kept, path};
    search_.sites.declared.push_back(shown);
    const Node* config = member(spec, "httpProxyConfig");
    if (config == nullptr || config->kind == Node::Kind::kNull) return;
    Node known = *config;
    forget_substitutions(known);
    search_.sites.made.push_back(std::move(known));
    ConfigSite site;
    site.place = Place::kTemplate;
    site.object = &search_.sites.made.back();
    site.path = path_to(path, "httpProxyConfig");
    site.api_version = std::move(version);
    site.cluster = add_cluster(spec, path, shown, search_);
    search_.sites.configs.push_back(std::move(site));
  }

  Search& search_;
};

}  // namespace

bool find_in_manifest(const Node& root, const std::string& path, Search& search) {
  if (text_of(root, "kind").empty() || text_of(root, "apiVersion").empty()) return false;
  Finder(search).object(root, path, 0);
  return true;
}

}  // namespace aks::sites
