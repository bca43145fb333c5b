#include "aks/cluster_facts.h"

#include <algorithm>
#include <array>

#include "aks/config_site.h"
#include "aks/document.h"
#include "aks/facts_reader.h"
#include "base/ascii.h"
#include "config/suggest.h"

namespace aks {
namespace {

using config::Node;

class Reader {
 public:
  explicit Reader(ParsedFacts& out) : out_(out), values_(out.findings) {}

  void read(const Node& root) {
    if (root.kind == Node::Kind::kNull) {
      return values_.error(root, "$", "the file of facts is empty; expected " + fact_names());
    }
    if (root.kind != Node::Kind::kMap) {
      return values_.error(root, "$",
                           "the facts are " + std::string(type_of(root)) + "; expected an object");
    }
    for (size_t i = 0; i < root.keys.size(); ++i) read_member(root.keys[i], root.items[i]);
    if (!network_plugin_.empty()) facts_.pod_network = pod_network();
    if (facts_.region.empty()) facts_.region = region_of_fqdn(facts_.fqdn);
    if (!has_errors(out_.findings)) out_.facts = std::move(facts_);
  }

  using Read = void (Reader::*)(const Node&, const std::string&);
  struct Member {
    const char* key;
    Read read;
  };
  static const std::array<Member, 17> kMembers;

 private:
  void read_member(const Node& key, const Node& value) {
    const std::string path = path_to("$", key.text);
    std::vector<std::string> keys;
    for (const Member& member : kMembers) {
      if (key.text == member.key) return (this->*member.read)(value, path);
      keys.emplace_back(member.key);
    }
    const std::string near = config::nearest(key.text, keys);
    out_.findings.push_back({Severity::kWarning, "facts-unknown-key", path,
                             "the key " + cite(key.text) + " is no fact; expected " + fact_names(),
                             near.empty() ? "" : json_string(near), key.line, key.column});
  }

  PodNetwork pod_network() const {
    if (network_plugin_ == "none") return PodNetwork::kUnknown;
    if (network_plugin_ == "kubenet" || overlay_) return PodNetwork::kOwnRange;
    return PodNetwork::kFlat;
  }

  void read_fqdn(const Node& node, const std::string& path) {
    facts_.fqdn = values_.host(&node, path);
  }
  void read_region(const Node& node, const std::string& path) {
    facts_.region = values_.region(&node, path);
  }
  void read_distro(const Node& node, const std::string& path) {
    out_.distro = values_.text(&node, path);
  }
  void read_pods(const Node& node, const std::string& path) {
    facts_.pod_cidrs = values_.cidrs(&node, path);
  }
  void read_services(const Node& node, const std::string& path) {
    facts_.service_cidrs = values_.cidrs(&node, path);
  }
  void read_vnet(const Node& node, const std::string& path) {
    facts_.vnet_cidrs = values_.cidrs(&node, path);
  }
  void read_subnet(const Node& node, const std::string& path) {
    facts_.subnet_cidrs = values_.cidrs(&node, path);
  }
  void read_registries(const Node& node, const std::string& path) {
    out_.private_registries = values_.registries(&node, path);
  }
  void read_plugin(const Node& node, const std::string& path) {
    network_plugin_ = base::lower(values_.text(&node, path));
  }
  void read_plugin_mode(const Node& node, const std::string& path) {
    overlay_ = base::iequals(values_.text(&node, path), "overlay");
  }
  void read_private(const Node& node, const std::string& path) {
    out_.traits.is_private = values_.is_true(&node, path);
  }
  void read_vnet_integration(const Node& node, const std::string& path) {
    out_.traits.vnet_integration = values_.is_true(&node, path);
  }
  void read_provisioning(const Node& node, const std::string& path) {
    out_.traits.node_auto_provisioning = values_.is_true(&node, path);
  }
  void read_outbound(const Node& node, const std::string& path) {
    out_.traits.outbound_type = base::lower(values_.text(&node, path));
  }
  void read_artifacts(const Node& node, const std::string& path) {
    out_.traits.artifact_cache = base::iequals(values_.text(&node, path), "cache");
  }
  void read_cache_registry(const Node& node, const std::string& path) {
    out_.traits.cache_registry = base::lower(values_.text(&node, path));
  }
  void read_addons(const Node& node, const std::string& path) {
    out_.traits.addons = values_.texts(&node, path);
  }

  ParsedFacts& out_;
  FactsReader values_;
  ClusterFacts facts_;
  std::string network_plugin_;
  bool overlay_ = false;
};

const std::array<Reader::Member, 17> Reader::kMembers = {{
    {"fqdn", &Reader::read_fqdn},
    {"region", &Reader::read_region},
    {"distro", &Reader::read_distro},
    {"podCidrs", &Reader::read_pods},
    {"serviceCidrs", &Reader::read_services},
    {"vnetCidrs", &Reader::read_vnet},
    {"subnetCidrs", &Reader::read_subnet},
    {"privateRegistries", &Reader::read_registries},
    {"networkPlugin", &Reader::read_plugin},
    {"networkPluginMode", &Reader::read_plugin_mode},
    {"enablePrivateCluster", &Reader::read_private},
    {"enableVnetIntegration", &Reader::read_vnet_integration},
    {"nodeAutoProvisioning", &Reader::read_provisioning},
    {"outboundType", &Reader::read_outbound},
    {"artifactSource", &Reader::read_artifacts},
    {"cacheRegistry", &Reader::read_cache_registry},
    {"addons", &Reader::read_addons},
}};

}  // namespace

std::string fact_names() {
  std::string out;
  for (size_t i = 0; i < Reader::kMembers.size(); ++i) {
    const bool last = i + 1 == Reader::kMembers.size();
    out += (i == 0 ? "" : last ? " or " : ", ") + std::string(Reader::kMembers[i].key);
  }
  return out;
}

namespace {

void report(const config::Node& root, std::string message, std::vector<Finding>& findings) {
  FactsReader(findings).error(root, "$", std::move(message));
}

// Facts of the one cluster that a document shows or declares.
ParsedFacts facts_of_one(const std::vector<ShownCluster>& clusters, const Node& root,
                         std::vector<Finding> findings) {
  ParsedFacts out;
  if (clusters.size() == 1) out = facts_of(clusters.front());
  out.findings.insert(out.findings.begin(), findings.begin(), findings.end());
  if (clusters.size() > 1) {
    report(root,
           "the document shows " + std::to_string(clusters.size()) +
               " clusters, and facts are about one: pick one (az aks show -g GROUP -n NAME), or "
               "leave it alone in the file",
           out.findings);
  }
  if (has_errors(out.findings)) out.facts.reset();
  return out;
}

// Whether the document is infrastructure code, rather than a file of facts.
bool is_code(const Sites& sites, const std::vector<Finding>& findings) {
  if (std::any_of(findings.begin(), findings.end(),
                  [](const Finding& each) { return each.rule == "config-absent"; }))
    return true;
  return !sites.configs.empty() && sites.configs.front().place == Place::kTemplate;
}

}  // namespace

ParsedFacts parse_cluster_facts(std::string_view text) {
  ParsedFacts out;
  const auto document = parse_document(text, out.findings);
  if (!document) return out;
  const Node& root = document->root;
  const auto shown = find_shown_clusters(root);
  if (!shown.empty()) return facts_of_one(shown, root, std::move(out.findings));
  std::vector<Finding> asides;  // validate says these
  const Sites sites = find_sites(*document, asides);
  if (!sites.declared.empty()) return facts_of_one(sites.declared, root, std::move(out.findings));
  if (is_code(sites, asides)) {
    report(root, "the document declares no AKS cluster, and facts are about one", out.findings);
  } else {
    Reader(out).read(root);
  }
  return out;
}

}  // namespace aks
