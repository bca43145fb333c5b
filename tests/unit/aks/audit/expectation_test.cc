#include "aks/audit/expectation.h"

#include <gtest/gtest.h>

namespace aks::audit {
namespace {

constexpr const char* kCluster = R"({
  "fqdn": "demo.hcp.westeurope.azmk8s.io", "location": "westeurope",
  "networkProfile": {"podCidrs": ["10.244.0.0/16"], "serviceCidrs": ["10.0.0.0/16"]},
  "httpProxyConfig": {"httpProxy": "http://p.example:1", "noProxy": [".svc"],
                      "effectiveNoProxy": ["10.0.0.0/16", ".svc", "localhost"]}})";

ClusterState state_of(std::string_view text) {
  const ParsedState parsed = parse_cluster_state(text);
  for (const Finding& each : parsed.findings) ADD_FAILURE() << to_string(each);
  return parsed.state.value_or(ClusterState{});
}

TEST(ClusterState, OfALiveClusterHasItsFactsAndItsList) {
  const ClusterState state = state_of(kCluster);
  EXPECT_EQ(state.config.written.https_proxy, "http://p.example:1");
  ASSERT_TRUE(state.facts.has_value());
  EXPECT_EQ(state.facts->fqdn, "demo.hcp.westeurope.azmk8s.io");
  EXPECT_EQ(state.effective_no_proxy,
            (std::vector<std::string>{"10.0.0.0/16", ".svc", "localhost"}));
}

TEST(ClusterState, OfAClusterWithoutAProxyIsOff) {
  for (const char* config : {"", R"(, "httpProxyConfig": null)"}) {
    const ClusterState state = state_of("{\"networkProfile\": {}" + std::string(config) + "}");
    EXPECT_FALSE(state.config.enabled);
    EXPECT_FALSE(expect(state, {}).has_proxy());
  }
}

TEST(ClusterState, OfAFileHasNoFacts) {
  const ClusterState state = state_of(R"({"httpProxy": "http://p.example:1"})");
  EXPECT_FALSE(state.facts.has_value());
  EXPECT_FALSE(state.effective_no_proxy.has_value());
}

TEST(Expectation, TakesTheLiveListBeforeTheComputedOne) {
  ClusterState state = state_of(kCluster);
  EXPECT_EQ(expect(state, *state.facts).values.no_proxy, "10.0.0.0/16,.svc,localhost");
  state.effective_no_proxy.reset();
  const Expectation computed = expect(state, *state.facts);
  EXPECT_EQ(computed.source, Source::kComputed);
  EXPECT_TRUE(computed.values.no_proxy.starts_with(".svc,localhost,127.0.0.1"));
}

// AKS makes the network of such a cluster, and shows of its ranges the IPv4 one to nobody and the
// IPv6 one to nobody either; the first is known.
TEST(Expectation, LeavesTheIpv6RangeOfAManagedNetworkOpen) {
  ClusterFacts facts;
  facts.fqdn = "demo.hcp.westeurope.azmk8s.io";
  const auto cidr = [](const char* text) { return *base::Cidr::parse(text); };
  facts.vnet_cidrs = {cidr("10.224.0.0/12")};
  facts.pod_cidrs = {cidr("10.244.0.0/16")};
  facts.service_cidrs = {cidr("10.0.0.0/16")};
  EXPECT_FALSE(may_be_added("fd20:1::/56", facts));
  facts.pod_cidrs.push_back(cidr("fd12:3456:789a::/64"));
  EXPECT_TRUE(may_be_added("fd20:1::/56", facts));
  EXPECT_FALSE(may_be_added("10.9.0.0/16", facts));
  facts.vnet_cidrs.push_back(cidr("fd20::/56"));
  EXPECT_FALSE(may_be_added("fd20:1::/56", facts));
}

TEST(Expectation, HasBothFamiliesOfADualStackCluster) {
  const ClusterState state = state_of(R"({
    "fqdn": "demo.hcp.westeurope.azmk8s.io",
    "networkProfile": {"ipFamilies": ["IPv4", "IPv6"],
                       "podCidrs": ["10.244.0.0/16", "fd12:3456:789a::/64"],
                       "serviceCidrs": ["10.0.0.0/16", "fd12:3456:789b::/108"]},
    "httpProxyConfig": {"httpProxy": "http://p.example:1"}})");
  const Expectation expected = expect(state, *state.facts);
  for (const char* prefix : {"10.244.0.0/16", "fd12:3456:789a::/64", "fd12:3456:789b::/108"}) {
    EXPECT_NE(expected.values.no_proxy.find(prefix), std::string::npos) << prefix;
  }
  EXPECT_TRUE(compare_no_proxy(expected, expected.values.no_proxy).empty());
  // Another text of the same address prefix is no difference.
  std::string other = expected.values.no_proxy;
  other.replace(other.find("fd12:3456:789a::/64"), 19, "FD12:3456:789a:0::/64");
  EXPECT_TRUE(compare_no_proxy(expected, other).empty());
}

TEST(Expectation, ListsAreComparedByMeaning) {
  const Expectation expected = expect(state_of(kCluster), {});
  EXPECT_TRUE(compare_no_proxy(expected, "LOCALHOST, .svc.,10.0.0.0/16,.svc").empty());
  const ListDifference difference = compare_no_proxy(expected, "localhost,a,10.9.0.0/16,A");
  EXPECT_EQ(difference.missing, (std::vector<std::string>{"10.0.0.0/16", ".svc"}));
  EXPECT_EQ(difference.extra, (std::vector<std::string>{"a", "10.9.0.0/16"}));
  EXPECT_EQ(describe(difference),
            "lacks \"10.0.0.0/16\", \".svc\" and has \"a\", \"10.9.0.0/16\" besides");
}

TEST(Expectation, WhatUnknownFactsAddIsNotExtra) {
  const ClusterState state = state_of(R"({"httpProxy": "http://p.example:1"})");
  const std::string value =
      "localhost,127.0.0.1,168.63.129.16,169.254.169.254,konnectivity,10.0.0.0/16,"
      "demo.hcp.westeurope.azmk8s.io";
  EXPECT_TRUE(compare_no_proxy(expect(state, {}), value).empty());
  ClusterFacts facts;
  facts.fqdn = "other.hcp.westeurope.azmk8s.io";
  for (auto* prefixes : {&facts.vnet_cidrs, &facts.pod_cidrs, &facts.service_cidrs}) {
    *prefixes = {*base::Cidr::parse("10.0.0.0/16")};
  }
  EXPECT_EQ(compare_no_proxy(expect(state, facts), value + ",10.1.0.0/16").extra,
            (std::vector<std::string>{"demo.hcp.westeurope.azmk8s.io", "10.1.0.0/16"}));
}

}  // namespace
}  // namespace aks::audit
