#include "check/plan_no_proxy.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace check {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

base::Cidr cidr(const char* text) { return *base::Cidr::parse(text); }

aks::ClusterFacts cluster() {
  aks::ClusterFacts facts;
  facts.fqdn = "api.corp.example";
  facts.service_cidrs = {cidr("10.0.0.0/16"), cidr("fd00:1::/108")};
  facts.pod_cidrs = {cidr("10.244.0.0/16")};
  return facts;
}

std::vector<std::string> summary(const std::vector<std::string>& user,
                                 const aks::ClusterFacts& facts,
                                 Vantage vantage = Vantage::kCluster) {
  std::vector<std::string> out;
  for (const Probe& probe : plan_no_proxy(aks::effective_no_proxy(user, facts), facts, vantage)) {
    EXPECT_EQ(probe.route, aks::Route::kDirect);
    EXPECT_EQ(probe.kind == ProbeKind::kSkipped, probe.host.empty());
    EXPECT_FALSE(probe.why.empty());
    EXPECT_TRUE(probe.kind != ProbeKind::kSkipped || !probe.note.empty()) << probe.name;
    out.push_back(std::string(token_of(probe.kind)) + " " + probe.name);
  }
  return out;
}

Probe only(const std::string& entry, const aks::ClusterFacts& facts = cluster()) {
  return plan_no_proxy({{entry, aks::NoProxySource::kUser}}, facts, Vantage::kCluster).at(0);
}

TEST(PlanNoProxy, HasALineForEveryEntry) {
  EXPECT_THAT(summary({}, cluster()),
              ElementsAre("skipped localhost", "skipped 127.0.0.1", "direct-http 168.63.129.16:80",
                          "direct-http 169.254.169.254:80", "skipped konnectivity",
                          "direct-tls api.corp.example:443", "skipped 10.244.0.0/16",
                          "direct-tls 10.0.0.1:443", "direct-tls [fd00:1::1]:443"));
}

TEST(PlanNoProxy, LeavesOutWhatOnlyTheClusterReaches) {
  EXPECT_THAT(summary({}, cluster(), Vantage::kElsewhere),
              ElementsAre("skipped localhost", "skipped 127.0.0.1", "skipped 168.63.129.16",
                          "skipped 169.254.169.254", "skipped konnectivity",
                          "direct-tls api.corp.example:443", "skipped 10.244.0.0/16",
                          "skipped 10.0.0.0/16", "skipped fd00:1::/108"));
}

TEST(PlanNoProxy, AsksImdsTheWayItWantsToBeAsked) {
  const Probe probe = only("169.254.169.254");
  EXPECT_EQ(probe.path, "/metadata/instance?api-version=2021-02-01");
  EXPECT_THAT(probe.fields, ElementsAre(std::pair<std::string, std::string>("Metadata", "true")));
}

TEST(PlanNoProxy, KnowsTheApiServerWhoeverListsIt) {
  for (const char* entry : {"API.corp.example", "demo.hcp.westeurope.azmk8s.io."}) {
    const Probe probe = only(entry);
    EXPECT_EQ(probe.kind, ProbeKind::kDirectTls) << entry;
    EXPECT_EQ(probe.trust, Trust::kClusterCa) << entry;
    EXPECT_EQ(probe.inspection, aks::Inspection::kForbidden) << entry;
    EXPECT_FALSE(probe.host.ends_with(".")) << entry;
  }
  EXPECT_EQ(only("10.0.0.0/16").host, "10.0.0.1");
}

TEST(PlanNoProxy, TriesTheUsersHostsWithoutInsisting) {
  const Probe named = only("docker.io");
  EXPECT_EQ(named.kind, ProbeKind::kDirectTcp);
  EXPECT_EQ(named.port, 443);
  EXPECT_EQ(named.weight, Weight::kAdvisory);
  EXPECT_THAT(named.note, HasSubstr("443"));
  EXPECT_EQ(only("db.example:5432").port, 5432);
  EXPECT_EQ(only("[fd00::5]:8443").name, "[fd00::5]:8443");
}

TEST(PlanNoProxy, ExplainsWhatIsNoDestination) {
  EXPECT_THAT(only(".svc").note, HasSubstr("domain"));
  EXPECT_THAT(only("10.9.0.0/16").note, HasSubstr("range"));
  EXPECT_THAT(only("*").note, HasSubstr("everything"));
  EXPECT_THAT(only("*.example.com").note, HasSubstr("no client"));
  EXPECT_THAT(only("redis").note, HasSubstr("inside the network"));
  EXPECT_THAT(only("db.prod.svc.cluster.local").note, HasSubstr("inside the network"));
}

}  // namespace
}  // namespace check
