#include "aks/update_plan.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "aks/update_plan_report.h"
#include "tests/unit/aks/findings.h"
#include "tests/unit/aks/update_plans.h"
#include "tls/authority.h"

namespace aks {
namespace {

using namespace std::chrono_literals;
using aks_test::authority;
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
using ::testing::IsEmpty;
using ::testing::Not;

TEST(UpdatePlan, HasNoStepsWhenNothingChanges) {
  const UpdatePlan same = plan(config(kOld, {"a"}, kOne), config(kOld, {"a"}, kOne));
  EXPECT_THAT(same.steps, IsEmpty());
  EXPECT_THAT(same.findings, IsEmpty());
  EXPECT_THAT(format_plan(same), HasSubstr("Nothing changes"));
}

TEST(UpdatePlan, ChangesTheListInOneStep) {
  EXPECT_THAT(
      steps(plan(config(kOld, {"a"}), config(kOld, {"a", "b"}))),
      ElementsAre("apply old.example", "reimage a", "reimage b", "recreate-pods", "verify"));
}

TEST(UpdatePlan, ProvidesTheNewProxyFirstAndRetiresTheOldLast) {
  EXPECT_THAT(steps(plan(config(kOld), config(kNew))),
              ElementsAre("provide-proxy", "apply new.example", "reimage a", "reimage b",
                          "recreate-pods", "retire-proxy", "verify"));
}

TEST(UpdatePlan, RollsOutBothAuthoritiesWhenTheyHaveNothingInCommon) {
  EXPECT_THAT(
      steps(plan(config(kOld, {}, kOne), config(kNew, {}, kTwo))),
      ElementsAre("provide-proxy", "apply old.example CN=One CN=Two", "reimage a", "reimage b",
                  "apply new.example CN=One CN=Two", "reimage a", "reimage b", "recreate-pods",
                  "retire-proxy", "apply new.example CN=Two", "reimage a", "reimage b", "verify"));
}

TEST(UpdatePlan, ChangesCertificatesInPlaceBetweenTwoRollouts) {
  EXPECT_THAT(
      steps(plan(config(kOld, {}, kOne), config(kOld, {}, kTwo))),
      ElementsAre("apply old.example CN=One CN=Two", "reimage a", "reimage b", "provide-proxy",
                  "apply old.example CN=Two", "reimage a", "reimage b", "verify"));
}

TEST(UpdatePlan, NeedsOneRolloutForAdditionsAndForRemovals) {
  EXPECT_THAT(steps(plan(config(kOld, {}, kOne), config(kOld, {}, kOne + kTwo))),
              ElementsAre("apply old.example CN=One CN=Two", "reimage a", "reimage b",
                          "provide-proxy", "verify"));
  EXPECT_THAT(steps(plan(config(kOld, {}, kOne + kTwo), config(kOld, {}, kOne))),
              ElementsAre("apply old.example CN=One", "reimage a", "reimage b", "verify"));
}

TEST(UpdatePlan, RefusesToSwitchByTheArticlesRules) {
  const UpdatePlan refused = plan(nothing(), config(kNew), Edition::kArticle);
  EXPECT_THAT(brief(refused.findings), Contains("error $.enabled plan-enabled"));
  EXPECT_THAT(refused.steps, IsEmpty());
}

TEST(UpdatePlan, UpgradesNodeImagesByTheArticlesRules) {
  const UpdatePlan article = plan(config(kOld), config(kOld, {"a"}), Edition::kArticle);
  const UpdatePlan today = plan(config(kOld), config(kOld, {"a"}), Edition::kToday);
  EXPECT_THAT(format_plan(article), HasSubstr("az aks nodepool upgrade --node-image-only"));
  EXPECT_THAT(format_plan(today), HasSubstr("AKS reimages node pool a."));
}

TEST(UpdatePlan, WarnsOfBypassesThatAreLost) {
  const UpdatePlan lost = plan(config(kOld, {".svc", ".cluster.local"}), config(kOld, {".svc"}));
  EXPECT_THAT(brief(lost.findings), ElementsAre("warning $.noProxy plan-bypass-lost",
                                                "note $.noProxy plan-entries-removed"));
  const UpdatePlan kept = plan(config(kOld, {"x.svc", ".svc", ".cluster.local"}),
                               config(kOld, {".svc", ".cluster.local"}));
  EXPECT_THAT(brief(kept.findings), ElementsAre("note $.noProxy plan-entries-removed"));
}

HttpProxyConfig off(HttpProxyConfig config) {
  config.enabled = false;
  return config;
}

TEST(UpdatePlan, SwitchesOffWithoutAFile) {
  for (const auto& after : {off(config(kOld, {}, kOne)), off(config(kNew, {"a"}, kTwo))}) {
    const UpdatePlan switched = plan(config(kOld, {}, kOne), after);
    EXPECT_THAT(brief(switched.findings), ElementsAre("warning $.enabled plan-no-proxy-left"));
    std::vector<std::string> kinds;
    for (const Step& step : switched.steps) kinds.emplace_back(token_of(step.kind));
    EXPECT_THAT(kinds, ElementsAre("apply", "reimage", "reimage", "recreate-pods", "retire-proxy",
                                   "verify"));
    const std::string text = format_plan(switched);
    EXPECT_THAT(text, HasSubstr("--disable-http-proxy"));
    EXPECT_THAT(text, HasSubstr("get no proxy variables"));
    EXPECT_THAT(text, HasSubstr("come back with no proxy variables"));
    EXPECT_THAT(text, Not(HasSubstr("--http-proxy-config")));
    EXPECT_THAT(text, Not(HasSubstr("sluice check -f NEW")));
  }
}

TEST(UpdatePlan, SwitchesOnWhatWasKeptWithoutAFileAndOtherValuesWithOne) {
  const std::string kept = format_plan(plan(off(config(kOld)), config(kOld)));
  EXPECT_THAT(kept, HasSubstr("--enable-http-proxy"));
  EXPECT_THAT(kept, Not(HasSubstr("--http-proxy-config")));
  EXPECT_THAT(kept, Not(HasSubstr("The old proxy stays")));
  const std::string other = format_plan(plan(off(config(kOld)), config(kNew)));
  EXPECT_THAT(other, HasSubstr("--http-proxy-config FILE"));
  EXPECT_THAT(other, Not(HasSubstr("The old proxy stays")));
}

TEST(UpdatePlan, ChangesWhatIsKeptForNobody) {
  const UpdatePlan kept = plan(off(config(kOld)), off(config(kNew)));
  EXPECT_THAT(steps(kept), ElementsAre("apply new.example", "reimage a", "reimage b", "verify"));
  EXPECT_THAT(format_plan(kept), HasSubstr("The proxy stays off"));
}

TEST(UpdatePlan, NamesTheDataEndpointOfARegistryWhoseRegionNobodyTold) {
  UpdateOptions options;
  options.pools = {"a"};
  options.facts.private_registries = {"contoso"};
  const UpdatePlan lost = make_update_plan(config(kOld, {".azurecr.io", ".svc", ".cluster.local"}),
                                           config(kOld, {".svc", ".cluster.local"}), options);
  const std::string text = format_plan(lost);
  EXPECT_THAT(text, HasSubstr("contoso.azurecr.io bypasses"));
  EXPECT_THAT(text, HasSubstr("contoso.REGION.data.azurecr.io bypasses"));
}

TEST(UpdatePlan, TakesDisabledAndNothingElseForSwitchingOff) {
  HttpProxyConfig off;
  off.enabled = false;
  HttpProxyConfig same = config(kOld, {"a"}, kOne);
  same.enabled = false;
  EXPECT_EQ(plan_json(plan(config(kOld, {"a"}, kOne), off)),
            plan_json(plan(config(kOld, {"a"}, kOne), same)));
  EXPECT_THAT(plan(config(kOld, {"a"}, kOne), off).steps, Not(IsEmpty()));
}

TEST(UpdatePlan, RefusesBundlesWithTooManyCertificatesTogether) {
  std::string many;
  for (int i = 0; i < 11; ++i) many += authority("Many " + std::to_string(i));
  std::string more;
  for (int i = 0; i < 10; ++i) more += authority("More " + std::to_string(i));
  const UpdatePlan refused = plan(config(kOld, {}, many), config(kOld, {}, more));
  EXPECT_THAT(brief(refused.findings), Contains("error $.trustedCa plan-authorities-limit"));
}

TEST(UpdatePlan, IsTheSameForMachines) {
  const auto out = nlohmann::json::parse(
      plan_json(plan(config(kOld, {"a"}, kOne), config(kNew, {"b"}, kTwo), Edition::kArticle)));
  EXPECT_EQ(out["edition"], "article");
  EXPECT_EQ(out["changed"],
            (std::vector<std::string>{"httpProxy", "httpsProxy", "noProxy", "trustedCa"}));
  EXPECT_EQ(out["no_proxy"]["in"][0], "b");
  EXPECT_EQ(out["steps"][0]["kind"], "provide-proxy");
  EXPECT_EQ(out["steps"][1]["config"]["httpProxy"], kOld);
  EXPECT_EQ(out["steps"][1]["config"]["trustedCaSha256"].size(), 2U);
  EXPECT_EQ(out["steps"][2]["pool"], "a");
}

}  // namespace
}  // namespace aks
