#include "aks/cluster_facts.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace aks {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

std::vector<std::string> found(const ParsedFacts& parsed) {
  std::vector<std::string> out;
  for (const Finding& finding : parsed.findings) out.push_back(finding.path + " " + finding.rule);
  return out;
}

TEST(ClusterFacts, ReadsEveryKey) {
  const auto parsed = parse_cluster_facts(
      R"({"fqdn": "a.example", "region": "westeurope", "distro": "flatcar",
          "podCidrs": ["10.244.0.0/16", "fd00::/64"], "serviceCidrs": ["10.0.0.0/16"],
          "vnetCidrs": ["10.224.0.0/12"], "subnetCidrs": null})");
  ASSERT_TRUE(parsed.facts);
  EXPECT_THAT(parsed.findings, IsEmpty());
  EXPECT_EQ(parsed.facts->fqdn, "a.example");
  EXPECT_EQ(parsed.facts->region, "westeurope");
  EXPECT_EQ(parsed.distro, "flatcar");
  ASSERT_EQ(parsed.facts->pod_cidrs.size(), 2U);
  EXPECT_EQ(parsed.facts->pod_cidrs[1].to_string(), "fd00::/64");
  EXPECT_EQ(parsed.facts->service_cidrs.size(), 1U);
  EXPECT_EQ(parsed.facts->vnet_cidrs.size(), 1U);
  EXPECT_THAT(parsed.facts->subnet_cidrs, IsEmpty());
}

TEST(ClusterFacts, ReadsWhatAzAksShowPrints) {
  const auto parsed = parse_cluster_facts(
      R"({"fqdn": null, "privateFqdn": "a.example", "location": "westeurope", "tags": {},
          "networkProfile": {"podCidr": "10.244.0.0/16", "podCidrs": ["10.244.0.0/16"],
                             "serviceCidrs": ["10.0.0.0/16"]}})");
  ASSERT_TRUE(parsed.facts);
  EXPECT_THAT(parsed.findings, IsEmpty());
  EXPECT_EQ(parsed.facts->fqdn, "a.example");
  EXPECT_EQ(parsed.facts->region, "westeurope");
  EXPECT_EQ(parsed.facts->pod_cidrs.size(), 1U);
  EXPECT_EQ(parsed.facts->service_cidrs.size(), 1U);
}

TEST(ClusterFacts, ReportsEverythingAtOnce) {
  const auto parsed = parse_cluster_facts(
      R"({"fqdn": 1, "podCidrs": "10.0.0.0/8", "serviceCidrs": ["10.0.0.1/8", 2], "podcidr": []})");
  EXPECT_FALSE(parsed.facts);
  EXPECT_THAT(found(parsed),
              ElementsAre("$.fqdn facts-type", "$.podCidrs facts-type", "$.serviceCidrs facts-type",
                          "$.serviceCidrs facts-type", "$ facts-unknown-key"));
}

TEST(ClusterFacts, RefusesWhatIsNoObject) {
  for (const char* text : {"", "[]", "1", "{", "\"a\"", "\xff"}) {
    EXPECT_FALSE(parse_cluster_facts(text).facts) << text;
  }
  EXPECT_TRUE(parse_cluster_facts(R"({"networkProfile": 3})").facts);
}

}  // namespace
}  // namespace aks
