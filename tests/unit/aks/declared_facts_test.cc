// Facts of clusters that infrastructure code declares.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "aks/cluster_facts.h"
#include "tests/unit/aks/findings.h"

namespace aks {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

// The effective list without AKS's constants, or what is wrong.
std::string list_of(const ParsedFacts& parsed) {
  if (!parsed.facts) return aks_test::messages(parsed.findings);
  constexpr std::string_view kConstants =
      "localhost,127.0.0.1,168.63.129.16,169.254.169.254,konnectivity";
  std::string list = join_no_proxy(effective_no_proxy({}, *parsed.facts));
  EXPECT_TRUE(list.starts_with(kConstants));
  return list.substr(std::min(list.size(), kConstants.size() + 1));
}
std::string list_of(std::string_view text) { return list_of(parse_cluster_facts(text)); }

TEST(DeclaredFacts, OfATerraformState) {
  const ParsedFacts parsed = parse_cluster_facts(R"({"format_version": "1.0", "values": {
    "root_module": {"resources": [
      {"mode": "data", "type": "azurerm_kubernetes_cluster", "values": {"name": "other"}},
      {"type": "azurerm_virtual_network", "values": {"address_space": ["10.9.0.0/16", "fd00:9::/48"],
        "id": "/subscriptions/S/resourceGroups/r/providers/Microsoft.Network/virtualNetworks/v"}}],
     "child_modules": [{"resources": [
      {"type": "azurerm_subnet", "values": {"address_prefixes": ["10.9.1.0/24"],
        "id": "/subscriptions/S/resourceGroups/r/providers/Microsoft.Network/virtualNetworks/v/subnets/n"}},
      {"type": "azurerm_kubernetes_cluster", "values": {
        "name": "demo", "location": "westeurope",
        "fqdn": "d.hcp.westeurope.azmk8s.io", "private_fqdn": "d.x.privatelink.westeurope.azmk8s.io",
        "private_cluster_enabled": true, "private_dns_zone_id": "System",
        "azure_policy_enabled": true, "oms_agent": [{"log_analytics_workspace_id": "/x"}],
        "microsoft_defender": [], "workload_identity_enabled": false,
        "custom_ca_trust_certificates_base64": ["eA=="],
        "node_provisioning_profile": [{"mode": "Auto", "default_node_pools": "Auto"}],
        "default_node_pool": [{"name": "system", "os_sku": "Ubuntu",
          "vnet_subnet_id": "/subscriptions/s/resourceGroups/R/providers/Microsoft.Network/virtualNetworks/V/subnets/N"}],
        "network_profile": [{"network_plugin": "azure", "network_plugin_mode": "overlay",
          "outbound_type": "userDefinedRouting",
          "pod_cidr": "10.244.0.0/16", "pod_cidrs": ["10.244.0.0/16", "fd12::/64"],
          "service_cidr": "10.0.0.0/16", "service_cidrs": ["10.0.0.0/16"]}]}}]}]}}})");
  EXPECT_EQ(list_of(parsed),
            "d.x.privatelink.westeurope.azmk8s.io,10.9.0.0/16,fd00:9::/48,10.244.0.0/16,fd12::/64,"
            "10.0.0.0/16");
  ASSERT_TRUE(parsed.facts);
  EXPECT_EQ(parsed.facts->region, "westeurope");
  EXPECT_EQ(parsed.facts->subnet_cidrs.size(), 1U);
  EXPECT_TRUE(parsed.traits.is_private && parsed.traits.node_auto_provisioning);
  EXPECT_THAT(parsed.traits.addons, ElementsAre("monitor", "policy"));
  EXPECT_THAT(parsed.traits.pools, ElementsAre("system"));
  EXPECT_EQ(parsed.traits.outbound_type, "userdefinedrouting");
  EXPECT_EQ(parsed.traits.custom_ca_certificates, 1U);
  EXPECT_TRUE(parsed.findings.empty());
}

TEST(DeclaredFacts, OfATerraformPlanAreWhatItKnows) {
  const ParsedFacts parsed = parse_cluster_facts(R"({"format_version": "1.2", "resource_changes": [
    {"type": "azurerm_kubernetes_cluster", "change": {"actions": ["create"], "after": {
      "location": "swedencentral", "private_cluster_enabled": false,
      "default_node_pool": [{"name": "a", "vnet_subnet_id": null}],
      "network_profile": [{"network_plugin": "azure", "network_plugin_mode": "overlay",
        "service_cidr": "10.0.0.0/16"}]},
     "after_unknown": {"fqdn": true, "private_fqdn": true,
       "network_profile": [{"pod_cidr": true, "pod_cidrs": true}]}}},
    {"type": "azurerm_kubernetes_cluster", "change": {"actions": ["delete"], "after": null}}]})");
  EXPECT_EQ(list_of(parsed), "10.224.0.0/12,10.0.0.0/16");
  EXPECT_EQ(parsed.facts->region, "swedencentral");
  // A subnet that only the deployment knows is one of people's own.
  EXPECT_EQ(list_of(R"({"format_version": "1.2", "resource_changes": [
    {"type": "azurerm_kubernetes_cluster", "change": {"actions": ["create"], "after": {
      "default_node_pool": [{"name": "a"}],
      "network_profile": [{"network_plugin": "azure", "service_cidr": "10.0.0.0/16"}]},
     "after_unknown": {"default_node_pool": [{"vnet_subnet_id": true}]}}}]})"),
            "10.0.0.0/16");
}

TEST(DeclaredFacts, OfTerraformsAzapi) {
  EXPECT_EQ(list_of(R"({"format_version": "1.0", "values": {"root_module": {"resources": [
    {"type": "azapi_resource", "values": {"location": "westeurope",
      "type": "Microsoft.ContainerService/managedClusters@2025-10-01",
      "body": {"properties": {"agentPoolProfiles": [{"name": "a"}],
        "networkProfile": {"podCidrs": ["10.1.0.0/16"], "serviceCidr": "10.2.0.0/16"}}}}}]}}})"),
            "10.224.0.0/12,10.1.0.0/16,10.2.0.0/16");
}

constexpr const char* kCluster =
    "apiVersion: cluster.x-k8s.io/v1beta1\nkind: Cluster\nmetadata: {name: demo}\n"
    "spec:\n  clusterNetwork:\n    pods: {cidrBlocks: [10.8.0.0/16]}\n"
    "    services: {cidrBlocks: [10.7.0.0/16]}\n"
    "  controlPlaneRef: {kind: AzureManagedControlPlane, name: plane}\n---\n";
constexpr const char* kPlane =
    "apiVersion: infrastructure.cluster.x-k8s.io/v1beta1\nkind: AzureManagedControlPlane\n"
    "metadata: {name: plane}\nspec:\n  location: westeurope\n";

TEST(DeclaredFacts, OfClusterApiTakeTheRangesOfItsCluster) {
  const ParsedFacts parsed = parse_cluster_facts(
      std::string(kCluster) + kPlane +
      "  networkPluginMode: overlay\n  outboundType: userDefinedRouting\n"
      "  controlPlaneEndpoint: {host: d.x.privatelink.westeurope.azmk8s.io, port: 443}\n"
      "  apiServerAccessProfile: {enablePrivateCluster: true, privateDNSZone: System}\n"
      "  addonProfiles: [{name: azurepolicy, enabled: true}, {name: omsagent, enabled: false}]\n"
      "  virtualNetwork: {name: v, cidrBlock: 10.9.0.0/16, subnet: {name: n, cidrBlock: "
      "10.9.1.0/24}}\n");
  EXPECT_EQ(list_of(parsed),
            "d.x.privatelink.westeurope.azmk8s.io,10.9.0.0/16,10.8.0.0/16,10.7.0.0/16");
  EXPECT_TRUE(parsed.traits.is_private);
  EXPECT_THAT(parsed.traits.addons, ElementsAre("policy"));
  EXPECT_EQ(parsed.facts->region, "westeurope");
}

// The networks that its webhook writes where people wrote none.
TEST(DeclaredFacts, OfClusterApiHaveItsDefaults) {
  EXPECT_EQ(list_of(std::string(kCluster) + kPlane), "10.0.0.0/8,10.240.0.0/16,10.7.0.0/16");
  EXPECT_EQ(list_of(std::string(kCluster) + kPlane + "  networkPluginMode: overlay\n"),
            "10.224.0.0/12,10.8.0.0/16,10.7.0.0/16");
  EXPECT_EQ(list_of(std::string(kPlane) + "  virtualNetwork: {name: v, cidrBlock: \"${RANGE}\"}\n"),
            "10.240.0.0/16");
}

TEST(DeclaredFacts, OfServiceOperatorTakeTheStatus) {
  constexpr const char* kObject =
      "apiVersion: containerservice.azure.com/v1api20240901\nkind: ManagedCluster\n"
      "spec:\n  location: westeurope\n  agentPoolProfiles:\n  - name: a\n%s"
      "  networkProfile: {networkPlugin: azure, networkPluginMode: overlay}\n"
      "status:\n  fqdn: d.hcp.westeurope.azmk8s.io\n"
      "  networkProfile: {networkPlugin: azure, networkPluginMode: overlay, podCidrs: "
      "[10.3.0.0/16], serviceCidrs: [10.4.0.0/16]}\n";
  const auto object = [&](const char* pool) {
    std::string text = kObject;
    return text.replace(text.find("%s"), 2, pool);
  };
  EXPECT_EQ(list_of(object("")),
            "d.hcp.westeurope.azmk8s.io,10.224.0.0/12,10.3.0.0/16,10.4.0.0/16");
  EXPECT_EQ(list_of(object("    vnetSubnetReference: {name: n}\n")),
            "d.hcp.westeurope.azmk8s.io,10.3.0.0/16,10.4.0.0/16");
}

TEST(DeclaredFacts, OfATemplate) {
  EXPECT_EQ(list_of(R"({"parameters": {"pods": {"defaultValue": "10.5.0.0/16"}},
    "resources": [{"type": "Microsoft.ContainerService/managedClusters", "location": "[x()]",
      "properties": {"agentPoolProfiles": [{"name": "a"}],
        "networkProfile": {"networkPlugin": "azure", "networkPluginMode": "overlay",
          "podCidr": "[parameters('pods')]", "serviceCidr": "[parameters('services')]"}}}]})"),
            "10.224.0.0/12,10.5.0.0/16");
}

TEST(DeclaredFacts, AreAboutOneCluster) {
  EXPECT_THAT(list_of(std::string(kPlane) + "---\n" + kPlane), HasSubstr("2 clusters"));
  for (const char* text : {"apiVersion: v1\nkind: Namespace\n", R"({"resources": []})",
                           R"({"format_version": "1.0", "values": {}})",
                           R"({"parameters": {"p": {"value": {"httpProxy": "http://a:1"}}}})"}) {
    const ParsedFacts parsed = parse_cluster_facts(text);
    EXPECT_FALSE(parsed.facts) << text;
    EXPECT_THAT(aks_test::brief(parsed.findings), ElementsAre("error $ facts-type")) << text;
    EXPECT_THAT(aks_test::messages(parsed.findings), HasSubstr("no AKS cluster")) << text;
  }
}

}  // namespace
}  // namespace aks
