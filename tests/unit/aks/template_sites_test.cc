// What is found in templates whose resources and members are made by loops, or are elsewhere.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "aks/config_site.h"
#include "tests/unit/aks/findings.h"

namespace aks {
namespace {

using ::testing::ElementsAre;

struct Found {
  Document document;
  Sites sites;
  std::vector<Finding> findings;
};

Found find(std::string_view text) {
  Found found;
  std::vector<Finding> ignored;
  found.document = *parse_document(text, ignored);
  found.sites = find_sites(found.document, found.findings);
  return found;
}

TEST(TemplateSites, GoesThroughLoopsOfResourcesAndMembers) {
  const Found found = find(R"({
    "parameters": {"pools": {"defaultValue": [{"os": "Linux"}, {"os": "Windows"}]},
                   "none": {"defaultValue": []}},
    "resources": [
      {"type": "Microsoft.ContainerService/managedClusters", "properties": {
        "httpProxyConfig": {"httpProxy": "http://a:1", "copy": [
          {"name": "noProxy", "count": 2, "input": "[format('h{0}', copyIndex('noProxy'))]"}]},
        "copy": [{"name": "agentPoolProfiles", "count": "[length(parameters('pools'))]",
          "input": {"osType": "[parameters('pools')[copyIndex('agentPoolProfiles')].os]"}}]}},
      {"copy": {"name": "more", "count": "[length(parameters('pools'))]"},
       "type": "Microsoft.Resources/deployments", "properties": {
        "expressionEvaluationOptions": {"scope": "inner"},
        "parameters": {"os": {"value": "[parameters('pools')[copyIndex()].os]"}},
        "template": {"parameters": {"os": {}}, "resources": [
          {"type": "Microsoft.ContainerService/managedClusters/agentPools",
           "properties": {"osType": "[parameters('os')]"}}]}}},
      {"copy": {"name": "none", "count": "[length(parameters('none'))]"},
       "type": "Microsoft.ContainerService/managedClusters/agentPools",
       "properties": {"osType": "[parameters('none')[copyIndex()].os]"}},
      {"copy": {"name": "never", "count": 0},
       "type": "Microsoft.ContainerService/managedClusters/agentPools", "properties": {}}
    ]})");
  ASSERT_EQ(found.sites.clusters.size(), 1U);
  const config::Node* pools = member(*found.sites.clusters[0].properties, "agentPoolProfiles");
  ASSERT_TRUE(pools != nullptr);
  ASSERT_EQ(pools->items.size(), 2U);
  EXPECT_EQ(member(pools->items[1], "osType")->text, "Windows");
  EXPECT_EQ(member(*found.sites.configs.at(0).object, "noProxy")->items.at(1).text, "h1");
  ASSERT_EQ(found.sites.agent_pools.size(), 3U);
  const auto os = [&](size_t i) {
    return member(*found.sites.agent_pools[i].properties, "osType")->text;
  };
  EXPECT_EQ(os(0), "Linux");
  EXPECT_EQ(os(1), "Windows");
  EXPECT_EQ(os(2), "[parameters('none')[copyIndex()].os]");
}

TEST(TemplateSites, SaysWhatItDoesNotLookInto) {
  EXPECT_THAT(aks_test::brief(find(R"({"resources": [{"type": "Microsoft.Resources/deployments",
        "properties": {"templateLink": {"uri": "https://x.example/aks.json"}}}]})")
                                  .findings),
              ElementsAre("note $.resources[0].properties.templateLink template-link",
                          "warning $ config-absent"));
}

}  // namespace
}  // namespace aks
