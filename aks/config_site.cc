#include "aks/config_site.h"

#include <algorithm>

#include "base/ascii.h"

namespace aks {
namespace {

using config::Node;

constexpr int kMaxNesting = 5;  // deployments inside deployments, as ARM allows
constexpr std::string_view kCluster = "microsoft.containerservice/managedclusters";
constexpr std::string_view kDeployment = "microsoft.resources/deployments";

class Finder {
 public:
  explicit Finder(Sites& sites) : sites_(sites) {}

  void deployment(const Node& node, const std::string& path, int nesting) {
    const Node* resources = member_anycase(node, "resources");
    if (resources == nullptr || nesting > kMaxNesting) return;
    resources_of(*resources, path_to(path, "resources"), "", node, nesting);
  }

 private:
  // `parent` is the type in front of a child resource's own, "" for none.
  void resources_of(const Node& list, const std::string& path, const std::string& parent,
                    const Node& deployment, int nesting) {
    for (size_t i = 0; i < list.items.size(); ++i) {
      const bool named = list.kind == Node::Kind::kMap;  // languageVersion 2.0
      resource(list.items[i], named ? path_to(path, list.keys[i].text) : path_to(path, i), parent,
               deployment, nesting);
    }
  }

  void resource(const Node& node, const std::string& path, const std::string& parent,
                const Node& deployment_node, int nesting) {
    const Node* type_node = member_anycase(node, "type");
    std::string type = type_node == nullptr ? "" : base::lower(type_node->text);
    if (!parent.empty() && type.find('/') == std::string::npos) type = parent + "/" + type;
    const Node* properties = member_anycase(node, "properties");
    const std::string inner = path_to(path, "properties");
    if (properties != nullptr && type == kCluster) {
      cluster(*properties, inner, deployment_node);
    } else if (properties != nullptr && type == std::string(kCluster) + "/agentpools") {
      sites_.agent_pools.push_back({properties, inner});
    } else if (properties != nullptr && type == kDeployment) {
      const Node* nested = member_anycase(*properties, "template");
      if (nested != nullptr) deployment(*nested, path_to(inner, "template"), nesting + 1);
    }
    const Node* children = member_anycase(node, "resources");
    if (children == nullptr) return;
    resources_of(*children, path_to(path, "resources"), type, deployment_node, nesting);
  }

  void cluster(const Node& properties, const std::string& path, const Node& deployment_node) {
    const Node* config = member_anycase(properties, "httpProxyConfig");
    if (config == nullptr || config->kind == Node::Kind::kNull) return;
    sites_.clusters.push_back({&properties, path});
    sites_.configs.push_back(
        {Place::kTemplate, config, path_to(path, "httpProxyConfig"), &deployment_node});
  }

  Sites& sites_;
};

bool is_template(const Node& root) {
  const Node* schema = member(root, "$schema");
  if (schema != nullptr &&
      base::lower(schema->text).find("deploymenttemplate") != std::string::npos)
    return true;
  const Node* resources = member_anycase(root, "resources");
  return resources != nullptr && resources->kind != Node::Kind::kScalar;
}

}  // namespace

Sites find_sites(const Document& document, std::vector<Finding>& findings) {
  Sites sites;
  if (is_template(document.root)) {
    Finder(sites).deployment(document.root, "$", 0);
    if (sites.configs.empty()) {
      findings.push_back({Severity::kError, "config-absent", "$",
                          "the template has no Microsoft.ContainerService/managedClusters resource "
                          "with properties.httpProxyConfig; nothing gets a proxy by it"});
      place(findings, findings.size() - 1, document.root);
    }
    return sites;
  }
  ConfigSite site{Place::kFile, &document.root, "$", nullptr};
  for (const char* key : {"properties", "httpProxyConfig"}) {
    const Node* inner = member(*site.object, key);
    if (inner == nullptr) continue;
    if (std::string_view(key) == "httpProxyConfig")
      sites.clusters.push_back({site.object, site.path});
    site = {Place::kWrapped, inner, path_to(site.path, key), nullptr};
  }
  sites.configs.push_back(site);
  return sites;
}

bool is_expression(const Node& node) {
  const std::string_view text = node.text;
  if (node.kind != Node::Kind::kScalar || !text.starts_with('[') || !text.ends_with(']'))
    return false;
  const size_t name = text.find_first_not_of(' ', 1);
  const size_t call = text.find('(');
  if (name == text.npos || call == text.npos || call <= name) return false;
  return std::all_of(text.begin() + static_cast<long>(name), text.begin() + static_cast<long>(call),
                     [](char c) { return base::is_alpha(c) || base::is_digit(c) || c == '.'; });
}

const Node* resolve(const Node& node, const ConfigSite& site) {
  if (site.deployment == nullptr || !is_expression(node)) return &node;
  std::string_view text = std::string_view(node.text).substr(1, node.text.size() - 2);
  for (const auto& [call, section] :
       {std::pair{"parameters('", "parameters"}, std::pair{"variables('", "variables"}}) {
    if (!text.starts_with(call) || !text.ends_with("')")) continue;
    text.remove_prefix(std::string_view(call).size());
    text.remove_suffix(2);
    const Node* all = member_anycase(*site.deployment, section);
    const Node* found = all == nullptr ? nullptr : member_anycase(*all, text);
    if (found != nullptr && std::string_view(section) == "parameters") {
      found = member_anycase(*found, "defaultValue");
    }
    return found == nullptr || is_expression(*found) ? nullptr : found;
  }
  return nullptr;
}

}  // namespace aks
