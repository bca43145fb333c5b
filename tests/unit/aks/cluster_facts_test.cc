#include "aks/cluster_facts.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/aks/findings.h"

namespace aks {
namespace {

using aks_test::brief;
using ::testing::ElementsAre;

TEST(ClusterFacts, ReadsYamlAndJson) {
  for (const char* text :
       {"fqdn: demo-1.hcp.westeurope.azmk8s.io\ndistro: ubuntu\n"
        "podCidrs: [10.244.0.0/16]\nprivateRegistries: [contoso, Other.azurecr.io]\n",
        R"({"fqdn": "demo-1.hcp.westeurope.azmk8s.io", "distro": "ubuntu",
                               "podCidrs": ["10.244.0.0/16"],
                               "privateRegistries": ["contoso", "Other.azurecr.io"]})"}) {
    const ParsedFacts parsed = parse_cluster_facts(text);
    ASSERT_TRUE(parsed.facts) << aks_test::messages(parsed.findings);
    EXPECT_EQ(parsed.facts->region, "westeurope") << "taken from the name";
    EXPECT_EQ(parsed.distro, "ubuntu");
    EXPECT_EQ(parsed.facts->pod_cidrs, std::vector{*base::Cidr::parse("10.244.0.0/16")});
    EXPECT_THAT(parsed.private_registries, ElementsAre("contoso", "other"));
  }
}

TEST(ClusterFacts, ReadsWhatAzShows) {
  const ParsedFacts parsed =
      parse_cluster_facts(R"({"fqdn": null, "privateFqdn": "x.privatelink.example",
    "location": "northeurope", "name": "demo",
    "networkProfile": {"podCidrs": ["10.244.0.0/16"], "serviceCidrs": ["10.0.0.0/16"]}})");
  ASSERT_TRUE(parsed.facts);
  EXPECT_EQ(parsed.facts->fqdn, "x.privatelink.example");
  EXPECT_EQ(parsed.facts->region, "northeurope");
  EXPECT_EQ(parsed.facts->service_cidrs.size(), 1U);
  EXPECT_TRUE(parsed.findings.empty());
}

// The effective list, or the first finding, of a cluster in tests/corpus/aks/.
std::string list_of(const ParsedFacts& parsed) {
  if (!parsed.facts) return aks_test::messages(parsed.findings);
  return join_no_proxy(effective_no_proxy({}, *parsed.facts));
}
ParsedFacts shown(const std::string& name) { return parse_cluster_facts(aks_test::corpus(name)); }

constexpr const char* kConstants =
    "localhost,127.0.0.1,168.63.129.16,169.254.169.254,konnectivity,";

TEST(ClusterFacts, OfAnOverlayHaveItsPodsAndNoSubnet) {
  const ParsedFacts parsed = shown("show_overlay.json");
  EXPECT_EQ(list_of(parsed), std::string(kConstants) +
                                 "demo-1a2b3c4d.hcp.westeurope.azmk8s.io,10.224.0.0/12,"
                                 "10.244.0.0/16,10.0.0.0/16");
  EXPECT_EQ(parsed.facts->pod_network, PodNetwork::kOwnRange);
  EXPECT_EQ(parsed.facts->region, "westeurope");
  EXPECT_THAT(parsed.traits.addons, ElementsAre("policy"));
  EXPECT_EQ(parsed.traits.effective_no_proxy->size(), 11U);
  EXPECT_FALSE(parsed.traits.is_private);
}

TEST(ClusterFacts, OfAFlatNetworkComeFromTheListThatAksComputed) {
  const ParsedFacts parsed = shown("show_flat.json");
  EXPECT_EQ(list_of(parsed), std::string(kConstants) +
                                 "demo-1a2b3c4d.hcp.westeurope.azmk8s.io,10.10.0.0/16,"
                                 "10.10.0.0/24,10.0.0.0/16");
  EXPECT_EQ(parsed.facts->vnet_cidrs, std::vector{*base::Cidr::parse("10.10.0.0/16")});
  EXPECT_EQ(parsed.facts->subnet_cidrs, std::vector{*base::Cidr::parse("10.10.0.0/24")});
  EXPECT_EQ(parsed.facts->pod_network, PodNetwork::kFlat);
  EXPECT_THAT(parsed.traits.systems, ElementsAre("Ubuntu", "AzureLinux"));
}

TEST(ClusterFacts, LeaveANetworkOfOnesOwnToPeople) {
  // Without AKS's list, or where an older version wrote it back into the user's, nothing tells.
  for (const char* lists :
       {R"({"noProxy": ["10.9.0.0/16"]})", R"({"effectiveNoProxy": ["10.9.0.0/16"]})",
        R"({"noProxy": ["konnectivity", "10.9.0.0/16"], "effectiveNoProxy": ["10.9.0.0/16"]})",
        R"({"noProxy": ["10.9.0.0/16"], "effectiveNoProxy": ["10.9.0.0/16", "10.0.0.0/16"]})"}) {
    const ParsedFacts parsed = parse_cluster_facts(
        R"({"id": "/x/managedClusters/a", "agentPoolProfiles": [{"vnetSubnetId": "/s"}],
            "networkProfile": {"serviceCidr": "10.0.0.0/16"}, "httpProxyConfig": )" +
        std::string(lists) + "}");
    ASSERT_TRUE(parsed.facts) << lists;
    EXPECT_TRUE(parsed.facts->vnet_cidrs.empty()) << lists;
  }
}

TEST(ClusterFacts, OfAPrivateClusterHaveItsPrivateName) {
  constexpr const char* kPrivate =
      "demo-9f8e7d6c.0a1b2c3d-0000-0000-0000-000000000000.privatelink.westeurope.azmk8s.io";
  for (const char* name : {"show_private.json", "get_private.json"}) {
    const ParsedFacts parsed = shown(name);
    ASSERT_TRUE(parsed.facts) << name << aks_test::messages(parsed.findings);
    EXPECT_EQ(parsed.facts->fqdn, kPrivate) << name;
    EXPECT_EQ(parsed.facts->region, "westeurope");
    EXPECT_TRUE(parsed.traits.is_private);
  }
  std::string text = aks_test::corpus("show_private.json");
  text.replace(text.find("\"system\""), 8, "\"none\"");
  EXPECT_EQ(parse_cluster_facts(text).facts->fqdn, "demo-1a2b3c4d.hcp.westeurope.azmk8s.io");
}

TEST(ClusterFacts, TellIsolationAndProvisioning) {
  const ParsedFacts parsed = shown("show_isolated.json");
  EXPECT_TRUE(is_network_isolated(parsed.traits));
  EXPECT_TRUE(parsed.traits.artifact_cache);
  EXPECT_EQ(parsed.traits.cache_registry, "contoso");
  EXPECT_EQ(parsed.traits.outbound_type, "none");
  EXPECT_TRUE(parsed.traits.node_auto_provisioning);
  EXPECT_FALSE(is_network_isolated(shown("show_flat.json").traits));
}

TEST(ClusterFacts, AreAboutOneCluster) {
  for (const char* name : {"graph_rows.json", "list.json"}) {
    const ParsedFacts parsed = shown(name);
    EXPECT_FALSE(parsed.facts) << name;
    EXPECT_THAT(brief(parsed.findings), ElementsAre("error $ facts-type")) << name;
    EXPECT_THAT(aks_test::messages(parsed.findings), ::testing::HasSubstr("2 clusters"));
  }
  EXPECT_FALSE(parse_cluster_facts("").facts) << "an empty file says nothing";
}

TEST(ClusterFacts, OfOurOwnFileTellTraitsToo) {
  const ParsedFacts parsed = parse_cluster_facts(
      "networkPlugin: azure\nenablePrivateCluster: true\nenableVnetIntegration: true\n"
      "nodeAutoProvisioning: true\noutboundType: block\nartifactSource: Cache\n"
      "cacheRegistry: contoso\naddons: [monitor, policy]\n");
  ASSERT_TRUE(parsed.facts) << aks_test::messages(parsed.findings);
  EXPECT_EQ(parsed.facts->pod_network, PodNetwork::kFlat);
  const ClusterTraits& traits = parsed.traits;
  EXPECT_TRUE(traits.is_private && traits.vnet_integration && traits.node_auto_provisioning);
  EXPECT_TRUE(is_network_isolated(traits));
  EXPECT_EQ(traits.cache_registry, "contoso");
  EXPECT_THAT(traits.addons, ElementsAre("monitor", "policy"));
}

TEST(ClusterFacts, FindsAllThatIsWrong) {
  const ParsedFacts parsed = parse_cluster_facts(
      R"({"fqdn": 1, "region": "west europe!", "podCidrs": "x", "vnetCidrs": ["10.0.0.1/8", {}],
          "privateRegistries": ["a.b"], "podCidr": []})");
  EXPECT_FALSE(parsed.facts);
  EXPECT_THAT(
      brief(parsed.findings),
      ElementsAre("error $.fqdn facts-type", "error $.region facts-type",
                  "error $.podCidrs facts-type", "error $.vnetCidrs[0] facts-type",
                  "error $.vnetCidrs[1] facts-type", "error $.privateRegistries[0] facts-type",
                  "warning $.podCidr facts-unknown-key"));
  EXPECT_EQ(parsed.findings.back().fix, "\"podCidrs\"");
}

}  // namespace
}  // namespace aks
