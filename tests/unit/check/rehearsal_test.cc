#include "check/simulation/rehearsal.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "check/simulation/rehearsal_report.h"
#include "tls/authority.h"

namespace check {
namespace {

using namespace std::chrono_literals;
using ::testing::HasSubstr;

aks::HttpProxyConfig config(const std::string& host, std::vector<std::string> no_proxy,
                            const std::string& authority) {
  aks::HttpProxyConfig out;
  out.http_proxy = aks::ProxyUrl{aks::ProxyScheme::kHttp, {host, std::nullopt, 3128}};
  out.https_proxy = out.http_proxy;
  out.no_proxy = std::move(no_proxy);
  const auto now = base::wall_now();
  if (!authority.empty()) {
    out.trusted_ca_pem =
        tls::Authority::create({authority, now - 1h, now + 9000h})->certificate().pem();
  }
  return out;
}

aks::UpdatePlan plan(const aks::HttpProxyConfig& before, const aks::HttpProxyConfig& after,
                     aks::Edition edition = aks::Edition::kToday) {
  aks::UpdateOptions options;
  options.edition = edition;
  options.pools = {"pool"};
  return aks::make_update_plan(before, after, options);
}

const std::vector<std::string> kServices = {".svc", ".cluster.local"};

TEST(Rehearsal, GoesThroughAMoveToAnotherProxyAndAuthorityWithoutAFailure) {
  for (const aks::Edition edition : {aks::Edition::kToday, aks::Edition::kArticle}) {
    const auto rehearsal = rehearse(plan(config("old.example", kServices, "One"),
                                         config("new.example", kServices, "Two"), edition));
    ASSERT_TRUE(rehearsal) << rehearsal.error().detail;
    ASSERT_EQ(rehearsal->orders.size(), 3U);
    EXPECT_EQ(rehearsal->orders[0].failures(), 0U) << format_rehearsal(*rehearsal);
    EXPECT_GT(rehearsal->orders[1].failures(), 0U) << "the new proxy comes late";
    EXPECT_GT(rehearsal->orders[2].failures(), 0U) << "the authorities change at once";
    EXPECT_TRUE(succeeded(*rehearsal));
    const std::string text = format_rehearsal(*rehearsal);
    EXPECT_THAT(text, HasSubstr("no proxy is there"));
    EXPECT_THAT(text, HasSubstr("an authority that is not trusted"));
  }
}

TEST(Rehearsal, FollowsEachStep) {
  const aks::UpdatePlan move =
      plan(config("old.example", kServices, ""), config("new.example", kServices, ""));
  const auto rehearsal = rehearse(move);
  ASSERT_TRUE(rehearsal);
  const Order& planned = rehearsal->orders[0];
  ASSERT_EQ(planned.moments.size(), move.steps.size()) << "one before, none for looking";
  const auto way = [&](size_t moment, const std::string& actor) {
    for (const Fate& fate : planned.moments[moment].fates) {
      if (fate.actor == actor && fate.destination == "mcr.microsoft.com") return fate.way;
    }
    return std::string();
  };
  // provide-proxy, apply, reimage, recreate-pods
  EXPECT_EQ(way(1, "newest pod"), "http://old.example:3128");
  EXPECT_EQ(way(2, "newest pod"), "http://new.example:3128");
  EXPECT_EQ(way(2, "node"), "http://old.example:3128");
  EXPECT_EQ(way(3, "node"), "http://new.example:3128");
  EXPECT_EQ(way(3, "DaemonSet pod"), "http://old.example:3128");
  EXPECT_EQ(way(4, "DaemonSet pod"), "http://new.example:3128");
}

TEST(Rehearsal, FailsWhenTheNewListTakesServicesThroughTheProxy) {
  const auto rehearsal =
      rehearse(plan(config("old.example", kServices, ""), config("old.example", {}, "")));
  ASSERT_TRUE(rehearsal);
  EXPECT_FALSE(succeeded(*rehearsal));
  EXPECT_THAT(format_rehearsal(*rehearsal), HasSubstr("the proxy answered 403"));
}

TEST(Rehearsal, FailsWhenAStepIsLeftOut) {
  aks::UpdatePlan careless =
      plan(config("old.example", kServices, "One"), config("new.example", kServices, "Two"));
  std::erase_if(careless.steps,
                [](const aks::Step& each) { return each.kind == aks::StepKind::kRecreatePods; });
  const auto rehearsal = rehearse(careless);
  ASSERT_TRUE(rehearsal);
  EXPECT_FALSE(rehearsal->orders[0].as_expected()) << "DaemonSet pods still ask the retired proxy";
}

aks::UpdatePlan first_proxy(aks::Staging staging) {
  aks::HttpProxyConfig nothing;
  nothing.enabled = false;
  aks::UpdateOptions options;
  options.pools = {"pool"};
  options.staging = staging;
  return aks::make_update_plan(nothing, config("new.example", kServices, "One"), options);
}

TEST(Rehearsal, RehearsesAFirstProxyThatInspects) {
  for (const auto staging : {aks::Staging::kCustomCaTrust, aks::Staging::kPlainProxy}) {
    const auto rehearsal = rehearse(first_proxy(staging));
    ASSERT_TRUE(rehearsal);
    EXPECT_TRUE(succeeded(*rehearsal)) << format_rehearsal(*rehearsal);
    EXPECT_EQ(rehearsal->orders.size(), 3U);
  }
}

TEST(Rehearsal, FailsWhenTheStagedAuthorityIsLeftOut) {
  aks::UpdatePlan careless = first_proxy(aks::Staging::kCustomCaTrust);
  EXPECT_EQ(
      std::erase_if(careless.steps,
                    [](const aks::Step& each) { return each.kind == aks::StepKind::kStageTrust; }),
      1U);
  const auto rehearsal = rehearse(careless);
  ASSERT_TRUE(rehearsal);
  EXPECT_FALSE(rehearsal->orders[0].as_expected()) << "new pods meet certificates nobody knows";
}

TEST(Rehearsal, WritesEveryFateForMachines) {
  const auto rehearsal =
      rehearse(plan(config("old.example", kServices, ""),
                    config("old.example", {".svc", ".cluster.local", ".a.example"}, "")));
  ASSERT_TRUE(rehearsal);
  const auto out = nlohmann::json::parse(rehearsal_json(*rehearsal));
  EXPECT_EQ(out["succeeded"], true);
  EXPECT_EQ(out["orders"].size(), 2U);
  const auto& fate = out["orders"][0]["moments"][0]["fates"][0];
  EXPECT_EQ(fate["destination"], "mcr.microsoft.com");
  EXPECT_EQ(fate["verdict"], "pass");
  EXPECT_EQ(out["orders"][1]["expected"], "failures");
}

}  // namespace
}  // namespace check
