#include "aks/config_site.h"

#include "aks/sites/finders.h"
#include "base/ascii.h"

namespace aks {
namespace {

using config::Node;
using sites::Search;

// The configuration itself, or one object around it, of a cluster that need not exist.
void find_in_object(const Node& root, const std::string& path, Search& search) {
  ConfigSite site;
  site.object = &root;
  site.path = path;
  const Node* cluster = nullptr;
  std::string cluster_path;
  for (const char* key : {"properties", "httpProxyConfig"}) {
    const Node* inner = member_anycase(*site.object, key);
    if (inner == nullptr) continue;
    if (std::string_view(key) == "httpProxyConfig") {
      cluster = site.object;
      cluster_path = site.path;
    }
    site.place = Place::kWrapped;
    site.object = inner;
    site.path = path_to(site.path, key);
  }
  if (site.place == Place::kFile) {
    search.sites.configs.push_back(std::move(site));
    return;
  }
  if (cluster != nullptr) {
    const ShownCluster shown{cluster, cluster_path, cluster, cluster_path};
    site.cluster = add_cluster(*cluster, cluster_path, shown, search);
  }
  static const Node kNothing;
  const Node& config = *site.object;
  add_evaluated(config, std::move(site), {&kNothing, {}, arm::Deployment::Open::kYes}, search);
}

void report_no_manifest(const Node& root, const std::string& path, Search& search) {
  report_absent(root, path,
                "no AzureManagedControlPlane, nor a ManagedCluster of Azure Service Operator, has "
                "a spec.httpProxyConfig here",
                search);
}

void find_in(const Node& root, const std::string& path, Search& search) {
  if (find_in_template(root, path, search) || find_in_build_params(root, search) ||
      find_in_parameters(root, path, search) || find_in_terraform(root, search) ||
      find_in_shown(root, search))
    return;
  if (!find_in_manifest(root, path, search)) return find_in_object(root, path, search);
  if (search.sites.configs.empty()) report_no_manifest(root, path, search);
}

}  // namespace

Sites find_sites(const Document& document, const GivenParameters& given,
                 std::vector<Finding>& findings) {
  Sites out;
  Search search{out, findings, given, document.root};
  if (!document.stream) {
    find_in(document.root, "$", search);
    return out;
  }
  for (size_t i = 0; i < document.root.items.size(); ++i)
    find_in_manifest(document.root.items[i], path_to("$", i), search);
  if (out.configs.empty()) report_no_manifest(document.root, "$", search);
  return out;
}

namespace sites {

size_t add_cluster(const Node& properties, const std::string& path, ShownCluster shown,
                   Search& search) {
  search.sites.clusters.push_back({&properties, path, std::move(shown)});
  return search.sites.clusters.size() - 1;
}

const Node& keep(Node node, Search& search) {
  search.sites.made.push_back(std::move(node));
  return search.sites.made.back();
}

void report_absent(const Node& root, const std::string& path, std::string message, Search& search) {
  search.findings.push_back(
      {Severity::kWarning, "config-absent", path, std::move(message), "", root.line, root.column});
}

}  // namespace sites
}  // namespace aks
