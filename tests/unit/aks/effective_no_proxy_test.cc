#include "aks/effective_no_proxy.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace aks {
namespace {

using ::testing::ElementsAre;

base::Cidr cidr(const char* text) { return *base::Cidr::parse(text); }

std::vector<std::string> texts(const std::vector<EffectiveEntry>& entries) {
  std::vector<std::string> out;
  for (const EffectiveEntry& entry : entries) out.push_back(entry.text);
  return out;
}

TEST(EffectiveNoProxy, AddsTheClustersOwnDestinations) {
  ClusterFacts facts;
  facts.fqdn = "demo.hcp.westeurope.azmk8s.io";
  facts.vnet_cidrs = {cidr("10.10.0.0/16")};
  facts.subnet_cidrs = {cidr("10.10.0.0/24")};
  facts.pod_cidrs = {cidr("10.244.0.0/16")};
  facts.service_cidrs = {cidr("10.0.0.0/16")};
  const auto entries =
      effective_no_proxy({"localhost", "127.0.0.1", "docker.io", "docker.com"}, facts);
  EXPECT_THAT(texts(entries),
              ElementsAre("localhost", "127.0.0.1", "docker.io", "docker.com", "168.63.129.16",
                          "169.254.169.254", "konnectivity", "demo.hcp.westeurope.azmk8s.io",
                          "10.10.0.0/16", "10.244.0.0/16", "10.0.0.0/16"))
      << "pods with a range of their own keep the nodes' subnet out";
  EXPECT_EQ(entries[0].source, NoProxySource::kUser);
  EXPECT_EQ(entries[4].source, NoProxySource::kAlways);
  EXPECT_EQ(entries[7].source, NoProxySource::kApiServer);
  EXPECT_EQ(entries[10].source, NoProxySource::kServices);
}

TEST(EffectiveNoProxy, AddsTheSubnetWherePodsHaveNoRange) {
  ClusterFacts facts;
  facts.vnet_cidrs = {cidr("10.10.0.0/16")};
  facts.subnet_cidrs = {cidr("10.10.0.0/24")};
  facts.service_cidrs = {cidr("10.0.0.0/16")};
  EXPECT_EQ(join_no_proxy(effective_no_proxy({}, facts)),
            "localhost,127.0.0.1,168.63.129.16,169.254.169.254,konnectivity,10.10.0.0/16,"
            "10.10.0.0/24,10.0.0.0/16");
}

TEST(EffectiveNoProxy, AddsOnlyConstantsWhenNothingIsKnown) {
  EXPECT_EQ(join_no_proxy(effective_no_proxy({}, {})),
            "localhost,127.0.0.1,168.63.129.16,169.254.169.254,konnectivity");
}

TEST(EffectiveNoProxy, KeepsTheFirstOfEqualEntries) {
  EXPECT_EQ(join_no_proxy(effective_no_proxy({" Docker.IO", "docker.io.", "KONNECTIVITY"}, {})),
            "Docker.IO,KONNECTIVITY,localhost,127.0.0.1,168.63.129.16,169.254.169.254");
}

TEST(EffectiveNoProxy, DoesNotAddServiceNames) {
  ClusterFacts facts;
  facts.service_cidrs = {cidr("10.0.0.0/16")};
  EXPECT_EQ(join_no_proxy(effective_no_proxy({}, facts)).find("svc"), std::string::npos);
}

TEST(EffectiveNoProxy, ReadsTheRegionOutOfTheApiServersName) {
  EXPECT_EQ(region_of_fqdn("demo-1a2b.hcp.WestEurope.azmk8s.io"), "westeurope");
  EXPECT_EQ(region_of_fqdn("demo.hcp.chinaeast2.cx.prod.service.azk8s.cn"), "chinaeast2");
  EXPECT_EQ(region_of_fqdn("demo.privatelink.westeurope.azmk8s.io"), "westeurope");
  EXPECT_EQ(region_of_fqdn("sub.zone.privatelink.usgovvirginia.cx.aks.containerservice.azure.us"),
            "usgovvirginia");
  EXPECT_EQ(region_of_fqdn("demo.private.westeurope.azmk8s.io"), "");
  EXPECT_EQ(region_of_fqdn("demo.hcp.westeurope"), "");
  EXPECT_EQ(region_of_fqdn(""), "");
}

}  // namespace
}  // namespace aks
