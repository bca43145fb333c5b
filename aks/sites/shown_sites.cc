#include "aks/sites/finders.h"

#include <algorithm>

namespace aks::sites {

using config::Node;

namespace {

// What ARM and Resource Graph print when there is no cluster. An array alone may be meant as a
// configuration, which it is not.
bool is_empty_list(const Node& root) {
  const auto is_empty = [](const Node* list) {
    return list != nullptr && list->kind == Node::Kind::kList && list->items.empty();
  };
  return is_empty(member(root, "value")) || is_empty(member(root, "data"));
}

}  // namespace

bool find_in_shown(const Node& root, Search& search) {
  if (is_empty_list(root)) {
    report_absent(root, "$", "the list is empty: Azure showed no cluster in that scope", search);
    return true;
  }
  const auto clusters = find_shown_clusters(root);
  const bool alone = root.kind != Node::Kind::kList && clusters.size() == 1 &&
                     clusters.front().resource_path == "$";
  // A fragment of a template has the same members.
  if (clusters.empty() || (alone && !is_live(clusters.front()))) return false;
  for (const ShownCluster& cluster : clusters) {
    const std::string path = path_to(cluster.path, "httpProxyConfig");
    const Node* config = member_anycase(*cluster.properties, "httpProxyConfig");
    if (config == nullptr || config->kind == Node::Kind::kNull) {
      const Node* name = member_anycase(*cluster.resource, "name");
      const Node& where = config == nullptr ? *cluster.resource : *config;
      search.findings.push_back(
          {Severity::kNote, "config-none", path,
           "the cluster " + (name == nullptr ? "" : cite(name->text) + " ") + "has no HTTP proxy",
           "", where.line, where.column});
      continue;
    }
    search.sites.clusters.push_back({cluster.properties, cluster.path, cluster});
    ConfigSite site;
    site.place = Place::kLive;
    site.object = config;
    site.path = path;
    site.cluster = search.sites.clusters.size() - 1;
    search.sites.configs.push_back(std::move(site));
  }
  return true;
}

}  // namespace aks::sites
