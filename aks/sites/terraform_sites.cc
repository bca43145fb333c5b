#include <algorithm>
#include <optional>

#include "aks/sites/finders.h"
#include "aks/sites/terraform_cluster.h"
#include "base/ascii.h"

namespace aks::sites {
namespace {

using config::Node;

constexpr std::string_view kCluster = "azurerm_kubernetes_cluster";
constexpr std::string_view kPool = "azurerm_kubernetes_cluster_node_pool";
constexpr std::string_view kAnyResource = "azapi_";  // azapi_resource, azapi_update_resource
constexpr std::string_view kArmCluster = "microsoft.containerservice/managedclusters@";
constexpr int kMaxModules = 16;  // modules inside modules

// Lays what Terraform can compute only when it applies over what it knows: "after_unknown" has true
// at these places.
void lay_over(Node& value, const Node& unknown, int level) {
  if (level > kMaxModules) return;
  if (boolean_of(unknown).value_or(false)) return make_unknown(value, "known after apply");
  for (size_t i = 0; i < unknown.items.size(); ++i) {
    if (unknown.kind == Node::Kind::kList) {
      if (i < value.items.size()) lay_over(value.items[i], unknown.items[i], level + 1);
      continue;
    }
    const std::string& key = unknown.keys[i].text;
    const auto at = std::find_if(value.keys.begin(), value.keys.end(),
                                 [&key](const Node& each) { return each.text == key; });
    if (at != value.keys.end()) {
      lay_over(value.items[static_cast<size_t>(at - value.keys.begin())], unknown.items[i],
               level + 1);
    } else if (boolean_of(unknown.items[i]).value_or(false) && value.kind == Node::Kind::kMap) {
      value.keys.push_back(unknown.keys[i]);
      value.items.push_back(unknown.items[i]);
      make_unknown(value.items.back(), "known after apply");
    }
  }
}

class Finder {
 public:
  explicit Finder(Search& search) : search_(search), clusters_(search) {}

  // To be called when all resources are known.
  void finish() { clusters_.connect(); }

  // Resources of a module and of those in it.
  void module(const Node& node, const std::string& path, int level) {
    if (level > kMaxModules) return;
    if (const Node* resources = member(node, "resources")) {
      const std::string inner = path_to(path, "resources");
      for (size_t i = 0; i < resources->items.size(); ++i) {
        const Node& each = resources->items[i];
        const Node* values = member(each, "values");
        if (values != nullptr) resource(each, *values, path_to(path_to(inner, i), "values"));
      }
    }
    if (const Node* modules = member(node, "child_modules")) {
      const std::string inner = path_to(path, "child_modules");
      for (size_t i = 0; i < modules->items.size(); ++i)
        module(modules->items[i], path_to(inner, i), level + 1);
    }
  }

  void changes(const Node& list, const std::string& path) {
    for (size_t i = 0; i < list.items.size(); ++i) {
      const Node& each = list.items[i];
      const Node* change = member(each, "change");
      const Node* after = change == nullptr ? nullptr : member(*change, "after");
      if (after == nullptr || after->kind != Node::Kind::kMap || !is_of_interest(each)) continue;
      Node known = *after;
      if (const Node* unknown = member(*change, "after_unknown")) lay_over(known, *unknown, 0);
      search_.sites.made.push_back(std::move(known));
      resource(each, search_.sites.made.back(),
               path_to(path_to(path_to(path, i), "change"), "after"));
    }
  }

 private:
  static std::string type_of(const Node& resource) {
    const Node* type = member(resource, "type");
    return type == nullptr ? "" : type->text;
  }

  static bool is_of_interest(const Node& resource) {
    const std::string type = type_of(resource);
    return type == kCluster || type == kPool || type.starts_with(kAnyResource) ||
           TerraformClusters::is_network(type);
  }

  void resource(const Node& resource, const Node& values, const std::string& path) {
    const std::string type = type_of(resource);
    if (TerraformClusters::is_network(type)) return clusters_.network(type, values);
    // What others look after is looked up alone.
    const Node* mode = member(resource, "mode");
    if (mode != nullptr && mode->text == "data") return;
    if (type == kCluster) {
      cluster(values, path);
    } else if (type == kPool) {
      search_.sites.agent_pools.push_back({&values, path, {}});
    } else if (type.starts_with(kAnyResource)) {
      azapi(values, path);
    }
  }

  void add(const Node& config, std::string path, const Node& around, const std::string& around_path,
           const ShownCluster& shown, const FieldNames& names, std::string version) {
    ConfigSite site;
    site.place = Place::kTemplate;
    site.object = &config;
    site.path = std::move(path);
    site.names = &names;
    site.api_version = std::move(version);
    site.cluster = add_cluster(around, around_path, shown, search_);
    search_.sites.configs.push_back(std::move(site));
  }

  // A block is a list of one object.
  void cluster(const Node& values, const std::string& path) {
    const ShownCluster shown = clusters_.add(values, path);
    const Node* block = member(values, "http_proxy_config");
    if (block == nullptr || block->kind == Node::Kind::kNull) return;
    const std::string inner = path_to(path, "http_proxy_config");
    if (is_unknown(*block)) return add(*block, inner, values, path, shown, kTerraformNames, "");
    if (block->items.empty()) return;
    add(block->items.front(), path_to(inner, size_t{0}), values, path, shown, kTerraformNames, "");
  }

  // ARM's own object, or the text of it that older versions of the provider take.
  void azapi(const Node& values, const std::string& path) {
    const Node* type = member(values, "type");
    if (type == nullptr || !base::lower(type->text).starts_with(kArmCluster)) return;
    const Node* body = member(values, "body");
    if (body == nullptr) return;
    if (is_string(*body) && !is_unknown(*body)) {
      std::vector<Finding> ignored;
      auto document = parse_document(body->text, ignored);
      if (!document) return;
      place_all(document->root, *body);
      search_.sites.made.push_back(std::move(document->root));
      body = &search_.sites.made.back();
    }
    const Node* properties = member_anycase(*body, "properties");
    if (properties == nullptr) return;
    const std::string inner = path_to(path_to(path, "body"), "properties");
    const ShownCluster shown{&values, path, properties, inner};
    search_.sites.declared.push_back(shown);
    const Node* config = member_anycase(*properties, "httpProxyConfig");
    if (config == nullptr || config->kind == Node::Kind::kNull) return;
    add(*config, path_to(inner, "httpProxyConfig"), *properties, inner, shown, kArmNames,
        type->text.substr(kArmCluster.size()));
  }

  static void place_all(Node& node, const Node& at) {
    node.line = at.line;
    node.column = at.column;
    for (Node& key : node.keys) place_all(key, at);
    for (Node& item : node.items) place_all(item, at);
  }

  Search& search_;
  TerraformClusters clusters_;
};

}  // namespace

bool find_in_terraform(const Node& root, Search& search) {
  const Node* values = member(root, "values");
  const Node* planned = member(root, "planned_values");
  const Node* changes = member(root, "resource_changes");
  if (member(root, "format_version") == nullptr) return false;
  if (values == nullptr && planned == nullptr && changes == nullptr) return false;
  Finder finder(search);
  if (changes != nullptr) {
    finder.changes(*changes, "$.resource_changes");
  } else if (const Node* module = member(planned != nullptr ? *planned : *values, "root_module")) {
    finder.module(*module,
                  planned != nullptr ? "$.planned_values.root_module" : "$.values.root_module", 0);
  }
  finder.finish();
  if (search.sites.configs.empty()) {
    report_absent(root, "$",
                  "no azurerm_kubernetes_cluster has a http_proxy_config, nor an azapi_resource of "
                  "Microsoft.ContainerService/managedClusters a httpProxyConfig",
                  search);
  }
  return true;
}

}  // namespace aks::sites
