// What a cluster that Azure printed tells about itself.
#include <algorithm>
#include <array>

#include "aks/cluster_facts.h"
#include "aks/facts_reader.h"
#include "base/ascii.h"

namespace aks {
namespace {

using config::Node;

// The network that AKS makes when it is given none, and the nodes' subnet in it.
const base::Cidr kManagedVnet(base::IpAddress::v4({10, 224, 0, 0}), 12);
const base::Cidr kManagedSubnet(base::IpAddress::v4({10, 224, 0, 0}), 16);

// Members of addonProfiles, and what the catalogue calls them.
struct Addon {
  const char* profile;
  const char* name;
};
constexpr std::array kAddons = {Addon{"omsagent", "monitor"}, Addon{"azurepolicy", "policy"},
                                Addon{"azureKeyvaultSecretsProvider", "keyvault"}};

class Reader {
 public:
  Reader(const ShownCluster& cluster, ParsedFacts& out)
      : cluster_(cluster), out_(out), values_(out.findings) {}

  void read() {
    facts_.fqdn = api_server();
    facts_.region = values_.region(member_anycase(*cluster_.resource, "location"),
                                   path_to(cluster_.resource_path, "location"));
    if (facts_.region.empty()) facts_.region = region_of_fqdn(facts_.fqdn);
    read_network();
    read_pools();
    read_given_network();
    read_addons();
    read_http_proxy();
    read_computed_network();
    ClusterTraits& traits = out_.traits;
    traits.node_auto_provisioning =
        base::iequals(text({"nodeProvisioningProfile", "mode"}), "Auto");
    const std::string policy = text({"nodeDisruptionProfile", "nodeDisruptionPolicy"});
    if (base::iequals(policy, "Block")) traits.disruption = Disruption::kBlock;
    if (base::iequals(policy, "AllowDuringMaintenanceWindow")) {
      traits.disruption = Disruption::kMaintenanceWindow;
    }
    const Node* custom = at({"securityProfile", "customCaTrustCertificates"}).first;
    if (custom != nullptr) traits.custom_ca_certificates = custom->items.size();
    traits.artifact_cache = base::iequals(text({"bootstrapProfile", "artifactSource"}), "Cache");
    const std::string registry = text({"bootstrapProfile", "containerRegistryId"});
    traits.cache_registry = base::lower(registry.substr(registry.rfind('/') + 1));
    if (!has_errors(out_.findings)) out_.facts = std::move(facts_);
  }

 private:
  using Keys = std::initializer_list<const char*>;

  // The member behind a way of keys through the properties, and its path.
  std::pair<const Node*, std::string> at(Keys keys) const {
    const Node* node = cluster_.properties;
    std::string path = cluster_.path;
    for (const char* key : keys) {
      path = path_to(path, key);
      if (node != nullptr) node = member_anycase(*node, key);
    }
    return {node, path};
  }
  std::string text(Keys keys) {
    const auto [node, path] = at(keys);
    return values_.text(node, path);
  }
  std::string host(const char* key) {
    const auto [node, path] = at({key});
    return values_.host(node, path);
  }
  bool is_true(Keys keys) {
    const auto [node, path] = at(keys);
    return values_.is_true(node, path);
  }

  // By the name that the nodes' kubelets use.
  std::string api_server() {
    ClusterTraits& traits = out_.traits;
    const std::string public_name = host("fqdn");
    const std::string private_name = host("privateFqdn");
    const Node* told = at({"apiServerAccessProfile", "enablePrivateCluster"}).first;
    const bool silent = told == nullptr || told->kind == Node::Kind::kNull;
    traits.is_private = silent ? !private_name.empty()
                               : is_true({"apiServerAccessProfile", "enablePrivateCluster"});
    traits.vnet_integration = is_true({"apiServerAccessProfile", "enableVnetIntegration"});
    const bool no_zone = base::iequals(text({"apiServerAccessProfile", "privateDnsZone"}), "none");
    const bool by_private = traits.is_private && !no_zone && !private_name.empty();
    return by_private || public_name.empty() ? private_name : public_name;
  }

  // The list, or else the one range that older versions have.
  std::vector<base::Cidr> ranges(const char* list, const char* one) {
    const auto [many, path] = at({"networkProfile", list});
    auto out = values_.cidrs(many, path);
    const std::string single = text({"networkProfile", one});
    if (!out.empty() || single.empty()) return out;
    if (const auto cidr = base::Cidr::parse(single)) return {*cidr};
    const auto [node, where] = at({"networkProfile", one});
    values_.error(*node, where, cite(single) + " is no address prefix such as \"10.0.0.0/16\"");
    return out;
  }

  void read_network() {
    facts_.pod_cidrs = ranges("podCidrs", "podCidr");
    facts_.service_cidrs = ranges("serviceCidrs", "serviceCidr");
    out_.traits.outbound_type = base::lower(text({"networkProfile", "outboundType"}));
    const std::string plugin = base::lower(text({"networkProfile", "networkPlugin"}));
    const bool overlay = base::iequals(text({"networkProfile", "networkPluginMode"}), "overlay");
    if (plugin == "kubenet" || overlay || !facts_.pod_cidrs.empty()) {
      facts_.pod_network = PodNetwork::kOwnRange;
    } else if (plugin == "azure") {
      facts_.pod_network = PodNetwork::kFlat;
    }
  }

  void read_pools() {
    const auto [pools, path] = at({"agentPoolProfiles"});
    if (pools == nullptr || pools->items.empty() || pools->kind != Node::Kind::kList) return;
    bool managed_network = true;
    for (const Node& pool : pools->items) {
      const Node* subnet = member_anycase(pool, "vnetSubnetId");
      const Node* name = member_anycase(pool, "name");
      if (name != nullptr && is_string(*name)) out_.traits.pools.push_back(name->text);
      managed_network = managed_network && (subnet == nullptr || subnet->kind == Node::Kind::kNull);
      const Node* system = member_anycase(pool, "osSku");
      if (system == nullptr || !is_string(*system)) continue;
      auto& all = out_.traits.systems;
      if (std::find(all.begin(), all.end(), system->text) == all.end()) all.push_back(system->text);
    }
    if (!managed_network) return;
    facts_.vnet_cidrs = {kManagedVnet};
    if (facts_.pod_network == PodNetwork::kFlat) facts_.subnet_cidrs = {kManagedSubnet};
  }

  // The ranges in AKS's own list that are neither the user's nor the pods' nor the services' are
  // those of a network of people's own, which Azure shows nowhere else. Lists that hold
  // "konnectivity" were written back by older versions, and tell nothing.
  void read_computed_network() {
    const auto& all = out_.traits.effective_no_proxy;
    const auto& own = out_.traits.no_proxy;
    if (!facts_.vnet_cidrs.empty() || !all || !own || has(*own, std::string("konnectivity")))
      return;
    std::vector<base::Cidr> known = facts_.pod_cidrs;
    known.insert(known.end(), facts_.service_cidrs.begin(), facts_.service_cidrs.end());
    for (const std::string& entry : *own) {
      if (const auto cidr = base::Cidr::parse(entry)) known.push_back(*cidr);
    }
    std::vector<base::Cidr> found;
    for (const std::string& entry : *all) {
      const auto cidr = base::Cidr::parse(entry);
      if (entry.find('/') != entry.npos && cidr && !has(known, *cidr)) found.push_back(*cidr);
    }
    for (const base::Cidr& cidr : found) {
      const bool inner = std::any_of(found.begin(), found.end(), [&cidr](const base::Cidr& other) {
        return other.prefix_bits() < cidr.prefix_bits() && other.contains(cidr.address());
      });
      (inner ? facts_.subnet_cidrs : facts_.vnet_cidrs).push_back(cidr);
    }
  }

  template <typename Value>
  static bool has(const std::vector<Value>& values, const Value& value) {
    return std::find(values.begin(), values.end(), value) != values.end();
  }

  // Not of Azure, which shows the subnets' names alone: what infrastructure code says of them.
  void read_given_network() {
    const auto [vnet, vnet_path] = at({"vnetCidrs"});
    if (vnet != nullptr) facts_.vnet_cidrs = values_.cidrs(vnet, vnet_path);
    const auto [subnet, subnet_path] = at({"subnetCidrs"});
    if (subnet != nullptr) facts_.subnet_cidrs = values_.cidrs(subnet, subnet_path);
  }

  void add_addon(const char* name) {
    auto& all = out_.traits.addons;
    if (std::find(all.begin(), all.end(), name) == all.end()) all.emplace_back(name);
  }

  void read_addons() {
    for (const Addon& addon : kAddons) {
      if (is_true({"addonProfiles", addon.profile, "enabled"})) add_addon(addon.name);
    }
    if (is_true({"azureMonitorProfile", "metrics", "enabled"})) add_addon("monitor");
    if (is_true({"securityProfile", "defender", "securityMonitoring", "enabled"}))
      add_addon("defender");
    if (is_true({"securityProfile", "workloadIdentity", "enabled"})) add_addon("workload-identity");
    if (is_true({"metricsProfile", "costAnalysis", "enabled"})) add_addon("cost-analysis");
  }

  void read_http_proxy() {
    const auto list = [&](const char* key) -> std::optional<std::vector<std::string>> {
      const auto [node, path] = at({"httpProxyConfig", key});
      if (node == nullptr || node->kind != Node::Kind::kList) return std::nullopt;
      return values_.texts(node, path);
    };
    out_.traits.no_proxy = list("noProxy");
    out_.traits.effective_no_proxy = list("effectiveNoProxy");
  }

  const ShownCluster& cluster_;
  ParsedFacts& out_;
  FactsReader values_;
  ClusterFacts facts_;
};

}  // namespace

ParsedFacts facts_of(const ShownCluster& cluster) {
  ParsedFacts out;
  Reader(cluster, out).read();
  return out;
}

}  // namespace aks
