#include "aks/shown_cluster.h"

#include "base/ascii.h"

namespace aks {
namespace {

using config::Node;

constexpr std::string_view kType = "microsoft.containerservice/managedclusters";

bool has_text(const Node& object, std::string_view key) {
  const Node* value = member_anycase(object, key);
  return value != nullptr && value->kind == Node::Kind::kScalar && !value->text.empty();
}

// "/subscriptions/…/managedClusters/NAME", and nothing below the cluster.
bool is_cluster_id(const Node* id) {
  constexpr std::string_view kPart = "/managedclusters/";
  if (id == nullptr) return false;
  const std::string text = base::lower(id->text);
  const size_t at = text.find(kPart);
  return at != std::string::npos && text.find('/', at + kPart.size()) == std::string::npos;
}

// What only a cluster's properties hold.
bool has_cluster_members(const Node& object) {
  for (const char* key : {"networkProfile", "agentPoolProfiles", "apiServerAccessProfile"}) {
    if (member_anycase(object, key) != nullptr) return true;
  }
  return false;
}

bool is_cluster(const Node& resource, const Node& properties) {
  if (resource.kind != Node::Kind::kMap || properties.kind != Node::Kind::kMap) return false;
  const Node* type = member_anycase(resource, "type");
  if (type != nullptr && type->kind == Node::Kind::kScalar &&
      type->text.find('/') != type->text.npos)
    return base::lower(type->text) == kType;
  return is_cluster_id(member_anycase(resource, "id")) || has_cluster_members(properties);
}

void add_cluster(const Node& node, const std::string& path, std::vector<ShownCluster>& out) {
  const Node* properties = member_anycase(node, "properties");
  if (properties != nullptr && properties->kind == Node::Kind::kMap) {
    if (is_cluster(node, *properties))
      out.push_back({&node, path, properties, path_to(path, "properties")});
  } else if (is_cluster(node, node)) {
    out.push_back({&node, path, &node, path});
  }
}

void add_all(const Node& list, const std::string& path, std::vector<ShownCluster>& out) {
  for (size_t i = 0; i < list.items.size(); ++i) add_cluster(list.items[i], path_to(path, i), out);
}

}  // namespace

std::vector<ShownCluster> find_shown_clusters(const Node& root) {
  std::vector<ShownCluster> out;
  if (root.kind == Node::Kind::kList) {
    add_all(root, "$", out);
    return out;
  }
  for (const char* key : {"value", "data"}) {
    const Node* list = member(root, key);
    if (list != nullptr && list->kind == Node::Kind::kList) add_all(*list, path_to("$", key), out);
  }
  if (out.empty()) add_cluster(root, "$", out);
  return out;
}

bool is_live(const ShownCluster& cluster) {
  return is_cluster_id(member_anycase(*cluster.resource, "id")) ||
         has_text(*cluster.properties, "provisioningState");
}

}  // namespace aks
