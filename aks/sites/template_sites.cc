#include <algorithm>

#include "aks/sites/finders.h"
#include "aks/template/expression.h"
#include "base/ascii.h"

namespace aks::sites {
namespace {

using arm::Deployment;
using config::Node;

constexpr int kMaxNesting = 5;       // deployments inside deployments, as ARM allows
constexpr size_t kMaxCopies = 1000;  // of resources that loops make, for one document
constexpr std::string_view kCluster = "microsoft.containerservice/managedclusters";
constexpr std::string_view kDeployment = "microsoft.resources/deployments";

class Finder {
 public:
  explicit Finder(Search& search) : search_(search) {}

  // The resources of `body`, with expressions that refer to `scope`.
  void resources(const Node& body, const std::string& path, const Deployment& scope, int nesting) {
    const Node* list = member_anycase(body, "resources");
    if (list == nullptr || nesting > kMaxNesting) return;
    resources_of(*list, path_to(path, "resources"), "", scope, nesting);
  }

  bool has_found() const { return found_; }

 private:
  Node evaluate(const Node& node, const Deployment& scope) {
    search_.budget.next();
    return arm::evaluate(node, scope, search_.budget).value;
  }

  // `parent` is the type in front of a child resource's own, "" for none.
  void resources_of(const Node& list, const std::string& path, const std::string& parent,
                    const Deployment& scope, int nesting) {
    for (size_t i = 0; i < list.items.size(); ++i) {
      const bool named = list.kind == Node::Kind::kMap;  // languageVersion 2.0
      copies(list.items[i], named ? path_to(path, list.keys[i].text) : path_to(path, i), parent,
             scope, nesting);
    }
  }

  // The resource as often as its "copy" says; once, with its position unknown, where that is not
  // known, or is 0 by a default alone.
  void copies(const Node& node, const std::string& path, const std::string& parent,
              const Deployment& scope, int nesting) {
    const Node* copy = member_anycase(node, "copy");
    const Node* count = copy == nullptr ? nullptr : member_anycase(*copy, "count");
    const Node* name = copy == nullptr ? nullptr : member_anycase(*copy, "name");
    if (count == nullptr || name == nullptr) return resource(node, path, parent, scope, nesting);
    search_.budget.next();
    const arm::Evaluated evaluated = arm::evaluate(*count, scope, search_.budget);
    const auto times = arm::number_of(evaluated.value);
    const bool by_default = times == 0 && evaluated.default_line != 0;
    if (!times || by_default || *times > arm::kMaxCopies)
      return resource(node, path, parent, scope, nesting);
    Deployment each = scope;
    for (size_t i = 0; i < *times && copies_ < kMaxCopies; ++i, ++copies_) {
      each.positions[""] = each.positions[base::lower(name->text)] = i;
      resource(node, path, parent, each, nesting);
    }
  }

  void resource(const Node& node, const std::string& path, const std::string& parent,
                const Deployment& scope, int nesting) {
    const Node* type_node = member_anycase(node, "type");
    std::string type = type_node == nullptr ? "" : base::lower(type_node->text);
    if (!parent.empty() && type.find('/') == std::string::npos) type = parent + "/" + type;
    const Node* existing = member_anycase(node, "existing");
    const Node* properties = member_anycase(node, "properties");
    if (properties != nullptr && (existing == nullptr || !boolean_of(*existing).value_or(false))) {
      const std::string inner = path_to(path, "properties");
      if (type == kCluster) {
        cluster(node, *properties, inner, scope);
      } else if (type == std::string(kCluster) + "/agentpools") {
        search_.sites.agent_pools.push_back(
            {&keep(evaluate(*properties, scope), search_), inner, {}});
      } else if (type == kDeployment) {
        nested(*properties, inner, scope, nesting);
      }
    }
    const Node* children = member_anycase(node, "resources");
    if (children == nullptr) return;
    resources_of(*children, path_to(path, "resources"), type, scope, nesting);
  }

  // A template inside: with parameters of its own (scope "inner"), or with those around it.
  void nested(const Node& properties, const std::string& path, const Deployment& scope,
              int nesting) {
    const Node* body = member_anycase(properties, "template");
    const Node* link = member_anycase(properties, "templateLink");
    if (body == nullptr && link != nullptr) {
      search_.findings.push_back({Severity::kNote, "template-link", path_to(path, "templateLink"),
                                  "the deployment's template is in another place, and was not "
                                  "looked at: check that file too, with the values that it gets "
                                  "here (--parameters)",
                                  "", link->line, link->column});
    }
    if (body == nullptr) return;
    const std::string inner_path = path_to(path, "template");
    const Node* options = member_anycase(properties, "expressionEvaluationOptions");
    const Node* which = options == nullptr ? nullptr : member_anycase(*options, "scope");
    if (which == nullptr || !base::iequals(which->text, "inner"))
      return resources(*body, inner_path, scope, nesting + 1);
    Deployment inner{body, {}, Deployment::Open::kNo};
    const Node* given = member_anycase(properties, "parameters");
    for (size_t i = 0; given != nullptr && i < given->keys.size(); ++i) {
      search_.budget.next();
      arm::Evaluated& to = inner.given[base::lower(given->keys[i].text)];
      const Node* value = member_anycase(given->items[i], "value");
      if (value != nullptr) {
        to = arm::evaluate(*value, scope, search_.budget);
      } else {
        make_unknown(to.value, "reference");  // into a key vault
      }
    }
    resources(*body, inner_path, inner, nesting + 1);
  }

  // The members of a cluster but its configuration, each evaluated by itself.
  const Node& surroundings(const Node& properties, const Deployment& scope) {
    Node out = properties;
    out.keys.clear();
    out.items.clear();
    for (size_t i = 0; i < properties.keys.size(); ++i) {
      if (base::iequals(properties.keys[i].text, "httpProxyConfig")) continue;
      if (arm::is_loops(properties.keys[i], properties.items[i])) {
        search_.budget.next();
        add_members(
            out, arm::evaluate_loops(properties.keys[i], properties.items[i], scope, search_.budget)
                     .value);
        continue;
      }
      out.keys.push_back(properties.keys[i]);
      out.items.push_back(evaluate(properties.items[i], scope));
    }
    return keep(std::move(out), search_);
  }

  // What stands around the properties, as far as facts need it.
  const Node& head(const Node& resource, const Deployment& scope) {
    Node out;
    out.kind = Node::Kind::kMap;
    out.line = resource.line;
    out.column = resource.column;
    for (size_t i = 0; i < resource.keys.size(); ++i) {
      const std::string key = base::lower(resource.keys[i].text);
      if (key != "location" && key != "name") continue;
      out.keys.push_back(resource.keys[i]);
      out.items.push_back(evaluate(resource.items[i], scope));
    }
    return keep(std::move(out), search_);
  }

  void cluster(const Node& resource, const Node& written, const std::string& path,
               const Deployment& scope) {
    // "properties" itself may be computed.
    const bool computed = written.kind == Node::Kind::kScalar;
    const Node& properties = computed ? keep(evaluate(written, scope), search_) : written;
    const Node& around = surroundings(properties, scope);
    const ShownCluster shown{&head(resource, scope), path, &around, path};
    search_.sites.declared.push_back(shown);
    ConfigSite site;
    site.place = Place::kTemplate;
    site.path = path_to(path, "httpProxyConfig");
    const Node* config = member_anycase(properties, "httpProxyConfig");
    if (is_unknown(properties)) config = &properties;
    if (config == nullptr || config->kind == Node::Kind::kNull) return;
    if (const Node* version = member_anycase(resource, "apiVersion"); version != nullptr) {
      const Node known = evaluate(*version, scope);
      if (!is_unknown(known)) site.api_version = known.text;
    }
    site.cluster = add_cluster(around, path, shown, search_);
    // A cluster without a proxy is not looked at.
    if (!add_evaluated(*config, std::move(site), scope, search_)) search_.sites.clusters.pop_back();
    found_ = true;
  }

  Search& search_;
  size_t copies_ = 0;
  bool found_ = false;
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

bool find_in_template(const Node& root, const std::string& path, Search& search) {
  if (!is_template(root)) return false;
  Deployment deployment{&root, {}, Deployment::Open::kYes};
  for (const auto& [name, value] : search.given) deployment.given[name] = {value, 0};
  Finder finder(search);
  finder.resources(root, path, deployment, 0);
  if (!finder.has_found()) {
    report_absent(root, path,
                  "the template has no Microsoft.ContainerService/managedClusters resource with "
                  "properties.httpProxyConfig; nothing gets a proxy by it",
                  search);
  }
  return true;
}

}  // namespace aks::sites
