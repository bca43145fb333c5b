#include "aks/config_site.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/aks/findings.h"

namespace aks {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

struct Found {
  Document document;
  Sites sites;
  std::vector<Finding> findings;
  std::vector<std::string> paths() const {
    std::vector<std::string> out;
    for (const ConfigSite& site : sites.configs) out.push_back(site.path);
    return out;
  }
  const config::Node& value(std::string_view key) const {
    return *member(*sites.configs.at(0).object, key);
  }
};

Found find(std::string_view text, const GivenParameters& given = {}) {
  Found found;
  std::vector<Finding> ignored;
  found.document = *parse_document(text, ignored);
  found.sites = find_sites(found.document, given, found.findings);
  return found;
}

TEST(ConfigSite, TakesADocumentWithoutWrapperAsTheConfiguration) {
  const Found found = find(R"({"httpProxy": "x"})");
  EXPECT_THAT(found.paths(), ElementsAre("$"));
  EXPECT_EQ(found.sites.configs[0].place, Place::kFile);
}

TEST(ConfigSite, StepsIntoWrappers) {
  EXPECT_THAT(find(R"({"httpProxyConfig": {}})").paths(), ElementsAre("$.httpProxyConfig"));
  const Found found = find(R"({"properties": {"httpProxyConfig": {}, "windowsProfile": {}}})");
  EXPECT_THAT(found.paths(), ElementsAre("$.properties.httpProxyConfig"));
  EXPECT_EQ(found.sites.configs[0].place, Place::kWrapped);
  EXPECT_EQ(found.sites.clusters.size(), 1U);
}

TEST(ConfigSite, FindsEveryClusterOfATemplate) {
  const Found found = find(R"({"resources": [
    {"type": "Microsoft.Storage/storageAccounts", "properties": {"httpProxyConfig": {}}},
    {"type": "microsoft.containerservice/ManagedClusters", "properties": {"httpProxyConfig": {}}},
    {"type": "Microsoft.ContainerService/managedClusters", "properties": {},
     "resources": [{"type": "agentPools", "properties": {"osType": "Windows"}}]},
    {"type": "Microsoft.ContainerService/managedClusters/agentPools", "properties": {}},
    {"type": "Microsoft.Resources/deployments", "properties": {"template": {"resources": [
      {"type": "Microsoft.ContainerService/managedClusters", "properties": {"httpProxyConfig": {}}}]}}}
  ]})");
  EXPECT_THAT(
      found.paths(),
      ElementsAre("$.resources[1].properties.httpProxyConfig",
                  "$.resources[4].properties.template.resources[0].properties.httpProxyConfig"));
  EXPECT_EQ(found.sites.agent_pools.size(), 2U);
  EXPECT_THAT(found.findings, IsEmpty());
}

TEST(ConfigSite, FindsResourcesWithSymbolicNames) {
  const Found found = find(R"({"languageVersion": "2.0", "resources": {
    "other": {"existing": true, "type": "Microsoft.ContainerService/managedClusters",
              "properties": {"httpProxyConfig": {}}},
    "aks": {"type": "Microsoft.ContainerService/managedClusters", "apiVersion": "2025-05-01",
            "properties": {"httpProxyConfig": {}}}}})");
  EXPECT_THAT(found.paths(), ElementsAre("$.resources.aks.properties.httpProxyConfig"));
  EXPECT_EQ(found.sites.configs[0].api_version, "2025-05-01");
}

TEST(ConfigSite, SaysThatATemplateHasNone) {
  const Found found = find(R"({"$schema": "https://x/deploymentTemplate.json#", "resources": []})");
  EXPECT_THAT(aks_test::brief(found.findings), ElementsAre("warning $ config-absent"));
}

std::string cluster(const std::string& config) {
  return R"({"type": "Microsoft.ContainerService/managedClusters", "properties":
             {"httpProxyConfig": )" +
         config + "}}";
}

TEST(ConfigSite, LooksUpAWholeConfiguration) {
  const Found found = find(R"({"parameters": {"p": {"type": "object", "defaultValue":
    {"httpProxy": "http://a", "noProxy": "[variables('n')]"}}}, "variables": {"n": [".svc"]},
    "resources": [)" + cluster("\"[parameters('p')]\"") +
                           "]}");
  EXPECT_EQ(found.value("httpProxy").text, "http://a");
  EXPECT_EQ(found.value("noProxy").items.at(0).text, ".svc");
  EXPECT_THAT(aks_test::brief(found.sites.configs[0].notes),
              ElementsAre("note $.resources[0].properties.httpProxyConfig template-default"));
}

TEST(ConfigSite, LeavesWhatOnlyADeploymentKnows) {
  const Found found =
      find(R"({"parameters": {"p": {"type": "object"}}, "resources": [)" +
           cluster("\"[parameters('p')]\"") + "," +
           cluster("{\"httpProxy\": \"[reference('x').url]\", \"noProxy\": [\"a\"]}") + "]}");
  ASSERT_EQ(found.sites.configs.size(), 2U);
  EXPECT_TRUE(is_unknown(*found.sites.configs[0].object));
  EXPECT_TRUE(is_unknown(*member(*found.sites.configs[1].object, "httpProxy")));
  EXPECT_EQ(member(*found.sites.configs[1].object, "noProxy")->items.size(), 1U);
}

TEST(ConfigSite, HandsParametersToNestedDeployments) {
  const std::string nested = R"({"type": "Microsoft.Resources/deployments", "properties": {
    "expressionEvaluationOptions": {"scope": "inner"}, "parameters": {
      "config": {"value": "[parameters('p')]"}, "secret": {"reference": {"keyVault": {}}}},
    "template": {"parameters": {"config": {"type": "object"}, "secret": {"type": "string"},
        "given": {"type": "string", "nullable": true}},
      "resources": [)" +
                             cluster(
                                 "{\"httpProxy\": \"[parameters('config').url]\", "
                                 "\"trustedCa\": \"[parameters('secret')]\", "
                                 "\"httpsProxy\": \"[parameters('given')]\"}") +
                             "]}}}";
  const std::string text =
      R"({"parameters": {"p": {"defaultValue": {"url": "http://a"}}}, "resources": [)" + nested +
      "]}";
  const Found found = find(text);
  EXPECT_EQ(found.value("httpProxy").text, "http://a");
  EXPECT_TRUE(is_unknown(found.value("trustedCa")));
  EXPECT_EQ(found.value("httpsProxy").kind, config::Node::Kind::kNull);
  EXPECT_EQ(found.sites.configs[0].notes.size(), 1U) << "the default of the outer parameter";

  std::vector<Finding> findings;
  const GivenParameters given = parse_parameters(
      R"({"$schema": "https://x/2019-04-01/deploymentParameters.json#", "parameters":
          {"P": {"value": {"url": "http://b"}}}})",
      findings);
  EXPECT_THAT(findings, IsEmpty());
  const Found with = find(text, given);
  EXPECT_EQ(with.value("httpProxy").text, "http://b");
  EXPECT_THAT(with.sites.configs[0].notes, IsEmpty());
  EXPECT_GT(with.value("httpProxy").line, 0) << "a place in the template";
}

TEST(ConfigSite, OuterScopeReadsTheParametersAround) {
  const Found found = find(R"({"parameters": {"p": {"defaultValue": "http://a"}}, "resources": [
    {"type": "Microsoft.Resources/deployments", "properties": {"template": {
      "parameters": {"p": {"defaultValue": "http://inner"}}, "resources": [)" +
                           cluster("{\"httpProxy\": \"[parameters('p')]\"}") + "]}}}]}");
  EXPECT_EQ(found.value("httpProxy").text, "http://a");
}

TEST(ConfigSite, TakesEmptyDefaultsForNoProxy) {
  for (const char* value : {"{}", "null"}) {
    const Found found = find(R"({"parameters": {"p": {"defaultValue": )" + std::string(value) +
                             R"(}}, "resources": [)" + cluster("\"[parameters('p')]\"") + "]}");
    EXPECT_THAT(found.paths(), IsEmpty());
    EXPECT_THAT(aks_test::brief(found.findings),
                ElementsAre("note $.resources[0].properties.httpProxyConfig config-none"));
  }
}

TEST(ConfigSite, FindsConfigurationsAmongParameters) {
  const Found found = find(R"({"$schema": "https://x/deploymentParameters.json#", "parameters": {
    "name": {"value": "demo"}, "proxy": {"value": {"httpProxy": "http://a", "noProxy": []}},
    "clusters": {"value": [{"httpProxyConfig": {"httpsProxy": "http://b"}}]}}})");
  EXPECT_THAT(found.paths(), ElementsAre("$.parameters.proxy.value",
                                         "$.parameters.clusters.value[0].httpProxyConfig"));
  EXPECT_THAT(aks_test::brief(find(R"({"parameters": {"a": {"value": 1}}})").findings),
              ElementsAre("warning $ config-absent"));
}

TEST(ConfigSite, ReadsWhatBicepMakesOfParameters) {
  const Found found =
      find(R"({"parametersJson": "{\"parameters\": {\"p\": {\"value\": \"http://a\"}}}",
    "templateJson": "{\"parameters\": {\"p\": {\"type\": \"string\"}}, \"resources\": [{\"type\": \"Microsoft.ContainerService/managedClusters\", \"properties\": {\"httpProxyConfig\": {\"httpProxy\": \"[parameters('p')]\"}}}]}"})");
  EXPECT_THAT(found.paths(), ElementsAre("$.templateJson.resources[0].properties.httpProxyConfig"));
  EXPECT_EQ(found.value("httpProxy").text, "http://a");
  EXPECT_EQ(found.value("httpProxy").line, 1) << "where the parameters stand";
}

TEST(ConfigSite, ReadsTerraformsPlanAndState) {
  const std::string block =
      R"("http_proxy_config": [{"http_proxy": "http://a:1", "no_proxy": ["b"]}])";
  const Found plan = find(
      R"({"format_version": "1.2", "resource_changes": [
    {"type": "azurerm_kubernetes_cluster", "change": {"actions": ["create"], "after": {)" +
      block +
      R"(}, "after_unknown": {"http_proxy_config": [{"trusted_ca": true, "no_proxy": [false]}], "fqdn": true}}},
    {"type": "azurerm_kubernetes_cluster", "change": {"actions": ["delete"], "after": null}},
    {"type": "azurerm_kubernetes_cluster_node_pool", "change": {"after": {"os_type": "Windows"}}},
    {"type": "azapi_resource", "change": {"after": {"type": "Microsoft.ContainerService/managedClusters@2025-05-01",
      "body": "{\"properties\": {\"httpProxyConfig\": {\"httpProxy\": \"http://c:1\"}}}"}}}]})");
  EXPECT_THAT(plan.paths(),
              ElementsAre("$.resource_changes[0].change.after.http_proxy_config[0]",
                          "$.resource_changes[3].change.after.body.properties.httpProxyConfig"));
  EXPECT_EQ(plan.value("http_proxy").text, "http://a:1");
  EXPECT_TRUE(is_unknown(plan.value("trusted_ca")));
  EXPECT_EQ(plan.sites.agent_pools.size(), 1U);
  EXPECT_EQ(plan.sites.configs[1].api_version, "2025-05-01");

  const Found state = find(R"({"format_version": "1.0", "values": {"root_module": {
    "resources": [], "child_modules": [{"resources": [
      {"type": "azurerm_kubernetes_cluster", "values": {)" +
                           block + "}}]}]}}}");
  EXPECT_THAT(state.paths(), ElementsAre("$.values.root_module.child_modules[0].resources[0].values"
                                         ".http_proxy_config[0]"));
  EXPECT_THAT(aks_test::brief(find(R"({"format_version": "1.0", "values": {}})").findings),
              ElementsAre("warning $ config-absent"));
}

TEST(ConfigSite, ReadsManifests) {
  const Found found = find(
      "apiVersion: v1\nkind: Namespace\nmetadata: {name: x}\n---\n"
      "apiVersion: infrastructure.cluster.x-k8s.io/v1beta1\nkind: AzureManagedControlPlane\n"
      "spec:\n  httpProxyConfig:\n    httpProxy: http://a:1\n    trustedCa: ${CA}\n---\n"
      "apiVersion: containerservice.azure.com/v1api20240901\nkind: ManagedCluster\n"
      "spec:\n  httpProxyConfig: {httpProxy: http://b:1}\n---\n"
      "apiVersion: infrastructure.cluster.x-k8s.io/v1alpha1\nkind: AzureASOManagedControlPlane\n"
      "spec:\n  resources:\n  - apiVersion: containerservice.azure.com/v1api20231102preview\n"
      "    kind: ManagedCluster\n    spec: {httpProxyConfig: {httpProxy: http://c:1}}\n---\n"
      "apiVersion: infrastructure.cluster.x-k8s.io/v1beta1\nkind: AzureManagedMachinePool\n"
      "spec: {osType: Windows}\n");
  EXPECT_THAT(found.paths(), ElementsAre("$[1].spec.httpProxyConfig", "$[2].spec.httpProxyConfig",
                                         "$[3].spec.resources[0].spec.httpProxyConfig"));
  EXPECT_EQ(found.value("httpProxy").line, 9);
  EXPECT_TRUE(is_unknown(found.value("trustedCa")));
  EXPECT_EQ(found.sites.configs[1].api_version, "2024-09-01");
  EXPECT_EQ(found.sites.configs[2].api_version, "2023-11-02-preview");
  EXPECT_EQ(found.sites.agent_pools.size(), 1U);
  EXPECT_THAT(aks_test::brief(find("apiVersion: v1\nkind: Pod\n").findings),
              ElementsAre("warning $ config-absent"));
}

TEST(ConfigSite, KnowsLiveClusters) {
  const Found one = find(aks_test::corpus("show_overlay.json"));
  EXPECT_THAT(one.paths(), ElementsAre("$.httpProxyConfig"));
  EXPECT_EQ(one.sites.configs[0].place, Place::kLive);
  EXPECT_THAT(find(aks_test::corpus("get_private.json")).paths(),
              ElementsAre("$.properties.httpProxyConfig"));
  EXPECT_THAT(
      find(aks_test::corpus("graph_rows.json")).paths(),
      ElementsAre("$.data[0].properties.httpProxyConfig", "$.data[1].properties.httpProxyConfig"));
  const Found list = find(aks_test::corpus("list.json"));
  EXPECT_THAT(list.paths(), ElementsAre("$[0].httpProxyConfig"));
  EXPECT_THAT(aks_test::brief(list.findings), ElementsAre("note $[1].httpProxyConfig config-none"));
}

TEST(ConfigSite, KnowsAnEmptyList) {
  for (const char* text : {R"({"value": []})", R"({"count": 0, "data": []})"}) {
    EXPECT_THAT(aks_test::brief(find(text).findings), ElementsAre("warning $ config-absent"))
        << text;
  }
}

TEST(ConfigSite, TakesNullForNoProxy) {
  for (const char* text :
       {R"({"httpProxyConfig": null})", R"({"properties": {"httpProxyConfig": null}})"}) {
    const Found found = find(text);
    EXPECT_THAT(found.paths(), IsEmpty());
    ASSERT_EQ(found.findings.size(), 1U);
    EXPECT_EQ(found.findings[0].rule, "config-none");
    EXPECT_EQ(found.findings[0].severity, Severity::kNote);
  }
}

}  // namespace
}  // namespace aks
