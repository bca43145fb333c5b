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
};

Found find(std::string_view text) {
  Found found;
  std::vector<Finding> ignored;
  found.document = *parse_document(text, ignored);
  found.sites = find_sites(found.document, found.findings);
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
  EXPECT_THAT(find(R"({"languageVersion": "2.0", "resources": {"aks":
    {"type": "Microsoft.ContainerService/managedClusters", "properties": {"httpProxyConfig": {}}}}})")
                  .paths(),
              ElementsAre("$.resources.aks.properties.httpProxyConfig"));
}

TEST(ConfigSite, SaysThatATemplateHasNone) {
  const Found found = find(R"({"$schema": "https://x/deploymentTemplate.json#", "resources": []})");
  EXPECT_THAT(aks_test::brief(found.findings), ElementsAre("error $ config-absent"));
}

TEST(ConfigSite, TellsExpressionsFromText) {
  const auto is = [](const char* text) {
    config::Node node;
    node.kind = config::Node::Kind::kScalar;
    node.text = text;
    return is_expression(node);
  };
  EXPECT_TRUE(is("[parameters('proxy')]"));
  EXPECT_TRUE(is("[concat('http://', variables('x'))]"));
  EXPECT_FALSE(is("[fd00::1]"));
  EXPECT_FALSE(is("[[literal]"));
  EXPECT_FALSE(is("http://p"));
  EXPECT_FALSE(is("[]"));
}

TEST(ConfigSite, ResolvesDefaultsAndVariables) {
  const Found found = find(R"({"parameters": {"a": {"defaultValue": "x"}, "b": {"type": "string"},
      "c": {"defaultValue": "[resourceGroup().location]"}}, "variables": {"v": "y"},
    "resources": [{"type": "Microsoft.ContainerService/managedClusters",
      "properties": {"httpProxyConfig": {"1": "[parameters('a')]", "2": "[variables('v')]",
        "3": "[parameters('b')]", "4": "[parameters('c')]", "5": "[concat('a', 'b')]", "6": "z"}}}]})");
  ASSERT_EQ(found.sites.configs.size(), 1U);
  const ConfigSite& site = found.sites.configs[0];
  std::vector<std::string> values;
  for (const config::Node& node : site.object->items) {
    const config::Node* value = resolve(node, site);
    values.push_back(value == nullptr ? "?" : value->text);
  }
  EXPECT_THAT(values, ElementsAre("x", "y", "?", "?", "?", "z"));
}

}  // namespace
}  // namespace aks
