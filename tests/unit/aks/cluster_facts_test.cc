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
