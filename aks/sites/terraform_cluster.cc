#include "aks/sites/terraform_cluster.h"

#include <array>

#include "aks/sites/members.h"
#include "base/ascii.h"

namespace aks::sites {
namespace {

using config::Node;

constexpr std::string_view kNetwork = "azurerm_virtual_network";
constexpr std::string_view kSubnet = "azurerm_subnet";

struct Attribute {
  const char* terraform;
  const char* azure;
};

// Blocks are lists of one object.
constexpr auto kAttributes = std::to_array<Attribute>({
    {"name", "name"},
    {"location", "location"},
    {"fqdn", "fqdn"},
    {"private_fqdn", "privateFqdn"},
    {"private_cluster_enabled", "apiServerAccessProfile.enablePrivateCluster"},
    {"private_dns_zone_id", "apiServerAccessProfile.privateDnsZone"},
    {"api_server_access_profile.virtual_network_integration_enabled",
     "apiServerAccessProfile.enableVnetIntegration"},
    {"network_profile.network_plugin", "networkProfile.networkPlugin"},
    {"network_profile.network_plugin_mode", "networkProfile.networkPluginMode"},
    {"network_profile.outbound_type", "networkProfile.outboundType"},
    {"network_profile.pod_cidr", "networkProfile.podCidr"},
    {"network_profile.pod_cidrs", "networkProfile.podCidrs"},
    {"network_profile.service_cidr", "networkProfile.serviceCidr"},
    {"network_profile.service_cidrs", "networkProfile.serviceCidrs"},
    {"azure_policy_enabled", "addonProfiles.azurepolicy.enabled"},
    {"workload_identity_enabled", "securityProfile.workloadIdentity.enabled"},
    {"cost_analysis_enabled", "metricsProfile.costAnalysis.enabled"},
    {"custom_ca_trust_certificates_base64", "securityProfile.customCaTrustCertificates"},
    {"node_provisioning_profile.mode", "nodeProvisioningProfile.mode"},
    {"bootstrap_profile.artifact_source", "bootstrapProfile.artifactSource"},
    {"bootstrap_profile.container_registry_id", "bootstrapProfile.containerRegistryId"},
});

constexpr auto kPoolAttributes = std::to_array<Attribute>({
    {"name", "name"},
    {"vnet_subnet_id", "vnetSubnetId"},
    {"os_sku", "osSku"},
});

// Blocks that switch something on by being there.
constexpr auto kSwitches = std::to_array<Attribute>({
    {"oms_agent", "addonProfiles.omsagent.enabled"},
    {"key_vault_secrets_provider", "addonProfiles.azureKeyvaultSecretsProvider.enabled"},
    {"microsoft_defender", "securityProfile.defender.securityMonitoring.enabled"},
    {"monitor_metrics", "azureMonitorProfile.metrics.enabled"},
});

// Unset texts are "" in a state.
bool says_something(const Node* value) {
  return value != nullptr && value->kind != Node::Kind::kNull &&
         !(value->kind == Node::Kind::kScalar && value->text.empty());
}

// The attribute behind a way through blocks; what is unknown on the way is the value.
const Node* attribute(const Node& values, std::string_view way) {
  const Node* node = &values;
  while (node != nullptr && !is_unknown(*node)) {
    if (node->kind == Node::Kind::kList) node = node->items.empty() ? nullptr : &node->items[0];
    if (node == nullptr) return nullptr;
    const size_t dot = way.find('.');
    node = member(*node, way.substr(0, dot));
    if (dot == way.npos) return node;
    way.remove_prefix(dot + 1);
  }
  return node;
}

template <size_t kCount>
Node in_azures_names(const Node& values, const std::array<Attribute, kCount>& attributes) {
  Node out = empty_object(values);
  for (const Attribute& each : attributes) {
    const Node* value = attribute(values, each.terraform);
    if (says_something(value)) set_member(out, each.azure, *value);
  }
  return out;
}

std::string id_of(const Node& values) {
  const Node* id = member(values, "id");
  return id == nullptr || !is_string(*id) || is_unknown(*id) ? "" : base::lower(id->text);
}

}  // namespace

ShownCluster TerraformClusters::add(const Node& values, const std::string& path) {
  Node cluster = in_azures_names(values, kAttributes);
  for (const Attribute& each : kSwitches) {
    const Node* block = member(values, each.terraform);
    if (block == nullptr || block->kind != Node::Kind::kList || block->items.empty()) continue;
    set_member(cluster, each.azure, arm::make_boolean(true));
  }
  std::string subnet;
  const Node* pools = member(values, "default_node_pool");
  if (pools != nullptr && pools->kind == Node::Kind::kList && !pools->items.empty()) {
    Node list = *pools;
    list.items = {in_azures_names(pools->items[0], kPoolAttributes)};
    const Node* id = member(list.items[0], "vnetSubnetId");
    if (id != nullptr && is_string(*id) && !is_unknown(*id)) subnet = base::lower(id->text);
    set_member(cluster, "agentPoolProfiles", std::move(list));
  }
  search_.sites.made.push_back(std::move(cluster));
  Node& made = search_.sites.made.back();
  added_.push_back({&made, std::move(subnet)});
  search_.sites.declared.push_back({&made, path, &made, path});
  return search_.sites.declared.back();
}

bool TerraformClusters::is_network(std::string_view type) {
  return type == kNetwork || type == kSubnet;
}

void TerraformClusters::network(std::string_view type, const Node& values) {
  const Node* ranges = member(values, type == kNetwork ? "address_space" : "address_prefixes");
  std::string id = id_of(values);
  if (ranges != nullptr && !id.empty()) networks_.push_back({std::move(id), ranges});
}

void TerraformClusters::connect() {
  for (const Added& cluster : added_) {
    for (const Network& network : networks_) {
      // "…/virtualNetworks/NAME/subnets/NAME"
      if (network.id == cluster.subnet) {
        set_member(*cluster.properties, "subnetCidrs", *network.ranges);
      } else if (cluster.subnet.starts_with(network.id + "/subnets/")) {
        set_member(*cluster.properties, "vnetCidrs", *network.ranges);
      }
    }
  }
}

}  // namespace aks::sites
