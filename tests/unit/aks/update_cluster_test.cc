// Updates of clusters that are more than their proxy: staged authorities, what stands in the way,
// and the way back.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "aks/update_plan_report.h"
#include "tests/unit/aks/findings.h"
#include "tests/unit/aks/update_plans.h"

namespace aks {
namespace {

using aks_test::brief;
using aks_test::config;
using aks_test::kNew;
using aks_test::kOld;
using aks_test::kOne;
using aks_test::kTwo;
using aks_test::nothing;
using aks_test::plan;
using aks_test::steps;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

UpdatePlan first_proxy(const std::string& pem, const ClusterTraits& traits, Staging staging) {
  UpdateOptions options;
  options.pools = {"a", "b"};
  options.traits = traits;
  options.staging = staging;
  return make_update_plan(nothing(), config(kNew, {}, pem), options);
}

TEST(UpdateOfACluster, LetsAFirstProxyShowItsCertificatesOnlyWhenNodesKnowThem) {
  EXPECT_THAT(steps(first_proxy(kOne, {}, Staging::kPlainProxy)),
              ElementsAre("provide-proxy plain", "apply new.example CN=One", "reimage a",
                          "reimage b", "provide-proxy", "recreate-pods", "verify"));
}

TEST(UpdateOfACluster, BringsAFirstProxysAuthorityByCustomCaTrust) {
  const UpdatePlan staged = first_proxy(kOne, {}, Staging::kCustomCaTrust);
  EXPECT_THAT(steps(staged), ElementsAre("stage-trust", "reimage a", "reimage b", "provide-proxy",
                                         "apply new.example CN=One", "reimage a", "reimage b",
                                         "recreate-pods", "verify"));
  EXPECT_EQ(certificates_of(staged.steps[0].staged_pem).entries.front().subject, "CN=One");
  const std::string text = format_plan(staged);
  EXPECT_THAT(text, HasSubstr("--custom-ca-trust-certificates FILE (az 2.72.0 or newer)"));
  EXPECT_THAT(text, Not(HasSubstr("certificates of the new authority yet")));
}

TEST(UpdateOfACluster, LetsTheProxyBePlainWhereCustomCaTrustTakesNoMore) {
  ClusterTraits full;
  full.custom_ca_certificates = kMaxCustomCaCertificates;
  const UpdatePlan plain = first_proxy(kOne, full, Staging::kCustomCaTrust);
  EXPECT_EQ(steps(plain).front(), "provide-proxy plain");
  EXPECT_THAT(brief(plain.findings), Contains("note $.trustedCa plan-staging"));
  full.custom_ca_certificates = kMaxCustomCaCertificates - 1;
  EXPECT_EQ(steps(first_proxy(kOne, full, Staging::kCustomCaTrust)).front(), "stage-trust");
}

TEST(UpdateOfACluster, StagesNothingForAProxyThatIsThere) {
  EXPECT_EQ(steps(plan(config(kOld), config(kOld, {}, kOne))).front(), "apply old.example CN=One");
}

TEST(UpdateOfACluster, SaysWhatTheClusterItselfPutsInTheWay) {
  ClusterTraits traits;
  traits.disruption = Disruption::kBlock;
  traits.node_auto_provisioning = true;
  traits.is_private = true;
  traits.systems = {"Ubuntu", "flatcar"};
  const UpdatePlan warned = first_proxy("", traits, Staging::kCustomCaTrust);
  EXPECT_THAT(brief(warned.findings),
              ElementsAre("warning $.httpProxy plan-new-proxy-first",
                          "warning $.nodeDisruptionProfile plan-disruption-policy",
                          "warning $.agentPoolProfiles plan-flatcar",
                          "note $.nodeProvisioningProfile plan-auto-provisioning",
                          "note $.apiServerAccessProfile plan-private"));
  EXPECT_THAT(steps(warned),
              ElementsAre("provide-proxy", "apply new.example", "reimage a", "reimage b",
                          "reimage node-auto-provisioning", "recreate-pods", "verify"));
  EXPECT_THAT(format_plan(warned), HasSubstr("Node Auto Provisioning replaces its nodes."));
  traits.disruption = Disruption::kMaintenanceWindow;
  EXPECT_THAT(format_plan(first_proxy("", traits, Staging::kCustomCaTrust)),
              HasSubstr("aksManagedNodeOSUpgradeSchedule"));
}

// The way back of each step.
std::vector<std::string> undos(const UpdatePlan& plan) {
  std::vector<std::string> out;
  for (const Step& step : plan.steps) out.push_back(step.undo);
  return out;
}

TEST(UpdateOfACluster, HasAWayBackFromEveryStepThatDoesSomething) {
  const std::string update = "az aks update --name NAME --resource-group GROUP ";
  const auto on = undos(first_proxy(kOne, {}, Staging::kCustomCaTrust));
  ASSERT_EQ(on.size(), 9U);
  EXPECT_THAT(on[0], HasSubstr(update + "--custom-ca-trust-certificates with the list of before"));
  EXPECT_EQ(on[3], "stop it; nobody uses it yet");
  EXPECT_THAT(on[4], HasSubstr(update + "--disable-http-proxy"));
  EXPECT_EQ(on[8], "");
  const auto moved = undos(plan(config(kOld, {}, kOne), config(kOld, {}, kTwo)));
  ASSERT_EQ(moved.size(), 8U);
  EXPECT_THAT(moved[0], HasSubstr("--http-proxy-config with the file of before"));
  EXPECT_THAT(moved[3], HasSubstr("let the proxy show the certificates of before"));
  HttpProxyConfig off = config(kOld);
  off.enabled = false;
  EXPECT_THAT(undos(plan(config(kOld), off)).front(), HasSubstr(update + "--enable-http-proxy"));
  EXPECT_THAT(undos(plan(off, config(kOld))).at(1), HasSubstr(update + "--disable-http-proxy"));
}

}  // namespace
}  // namespace aks
