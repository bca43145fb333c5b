#include "check/plan.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

namespace check {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

constexpr char kFqdn[] = "demo-1a2b.hcp.westeurope.azmk8s.io";

base::Cidr cidr(const char* text) { return *base::Cidr::parse(text); }

aks::HttpProxyConfig config(std::string_view no_proxy_json = "[]",
                            std::string_view proxies = R"("httpProxy":"http://p.example:3128")") {
  const auto parsed = aks::parse_http_proxy_config(
      "{" + std::string(proxies) + ",\"noProxy\":" + std::string(no_proxy_json) + "}");
  EXPECT_TRUE(parsed.config);
  return *parsed.config;
}

aks::ClusterFacts cluster() {
  aks::ClusterFacts facts;
  facts.fqdn = kFqdn;
  facts.service_cidrs = {cidr("10.0.0.0/16")};
  facts.pod_cidrs = {cidr("10.244.0.0/16")};
  return facts;
}

Plan make(const aks::HttpProxyConfig& configuration, const PlanOptions& options = {},
          const aks::ClusterFacts& facts = cluster()) {
  const auto catalogue = aks::Catalogue::embedded();
  auto plan = make_plan(*catalogue, configuration, facts, options);
  EXPECT_TRUE(plan) << (plan ? "" : plan.error().detail);
  return std::move(*plan);
}

std::vector<std::string> names(const Plan& plan, ProbeKind kind) {
  std::vector<std::string> out;
  for (const Probe& probe : plan.probes) {
    if (probe.kind == kind) out.push_back(probe.name);
  }
  return out;
}

const Probe* find(const Plan& plan, std::string_view name) {
  const auto found = std::find_if(plan.probes.begin(), plan.probes.end(),
                                  [name](const Probe& probe) { return probe.name == name; });
  return found == plan.probes.end() ? nullptr : &*found;
}

TEST(Plan, TriesEveryRequiredEndpointThroughTheProxy) {
  const Plan plan = make(config());
  EXPECT_THAT(names(plan, ProbeKind::kConnectTls),
              ElementsAre("mcr.microsoft.com:443", "*.data.mcr.microsoft.com:443",
                          "mcr-0001.mcr-msedge.net:443", "management.azure.com:443",
                          "login.microsoftonline.com:443", "packages.microsoft.com:443",
                          "acs-mirror.azureedge.net:443", "packages.aks.azure.com:443"));
  EXPECT_EQ(plan.probes[0].proxy->to_string(), "http://p.example:3128");
  EXPECT_EQ(plan.probes[0].route, aks::Route::kProxy);
}

TEST(Plan, TriesWildcardsByARepresentativeName) {
  const Plan plan = make(config());
  EXPECT_EQ(find(plan, "*.data.mcr.microsoft.com:443")->host, "westeurope.data.mcr.microsoft.com");
  EXPECT_EQ(find(plan, "*.data.mcr.microsoft.com:443")->weight, Weight::kRequired);
}

TEST(Plan, OnlyAdvisesOnInventedNamesUnlessTheUserGivesOne) {
  constexpr char kPattern[] = "*.ods.opinsights.azure.com";
  PlanOptions options;
  options.query.addons = {"monitor"};
  EXPECT_EQ(find(make(config(), options), std::string(kPattern) + ":443")->weight,
            Weight::kAdvisory);
  options.names[kPattern] = "real.ods.opinsights.azure.com";
  const Plan plan = make(config(), options);
  const Probe* probe = find(plan, std::string(kPattern) + ":443");
  EXPECT_EQ(probe->host, "real.ods.opinsights.azure.com");
  EXPECT_EQ(probe->weight, Weight::kRequired);
}

TEST(Plan, AsksForPlainHttpEndpointsInAbsoluteForm) {
  PlanOptions options;
  options.query.at_least = aks::Need::kRecommended;
  EXPECT_THAT(names(make(config(), options), ProbeKind::kPlainHttp),
              ElementsAre("security.ubuntu.com:80", "azure.archive.ubuntu.com:80",
                          "changelogs.ubuntu.com:80"));
}

TEST(Plan, TakesTheRegionFromTheApiServersName) {
  PlanOptions options;
  options.query.addons = {"monitor"};
  EXPECT_NE(find(make(config(), options), "westeurope.handler.control.monitor.azure.com:443"),
            nullptr);
  const Plan unknown = make(config(), options, {});
  const Probe* probe = find(unknown, "{region}.handler.control.monitor.azure.com:443");
  ASSERT_NE(probe, nullptr);
  EXPECT_EQ(probe->kind, ProbeKind::kSkipped);
  EXPECT_THAT(probe->note, HasSubstr("--region"));
}

TEST(Plan, PlansAnEndpointThatNoProxyCoversAsDirectWithAWarning) {
  const Plan plan = make(config(R"(["microsoft.com"])"));
  const Probe* probe = find(plan, "packages.microsoft.com:443");
  EXPECT_EQ(probe->kind, ProbeKind::kDirectTls);
  EXPECT_EQ(probe->route, aks::Route::kDirect);
  EXPECT_THAT(probe->warning, HasSubstr("\"microsoft.com\""));
  EXPECT_FALSE(probe->proxy);
}

TEST(Plan, PlansHttpUrlsAsDirectWhenOnlyHttpsProxyIsSet) {
  PlanOptions options;
  options.query.at_least = aks::Need::kRecommended;
  const Plan plan = make(config("[]", R"("httpsProxy":"https://p.example:3129")"), options);
  const Probe* probe = find(plan, "security.ubuntu.com:80");
  EXPECT_EQ(probe->kind, ProbeKind::kDirectHttp);
  EXPECT_THAT(probe->warning, HasSubstr("no proxy is configured for http"));
  EXPECT_EQ(find(plan, "mcr.microsoft.com:443")->kind, ProbeKind::kConnectTls);
}

TEST(Plan, DoesNotTryTheSameDestinationTwice) {
  const Plan plan = make(config(R"(["packages.microsoft.com"])"));
  EXPECT_EQ(std::count_if(plan.probes.begin(), plan.probes.end(),
                          [](const Probe& p) { return p.host == "packages.microsoft.com"; }),
            1);
}

TEST(Plan, PutsProxiedProbesFirstAndSkippedOnesLast) {
  const Plan plan = make(config(R"([".svc", "packages.microsoft.com"])"));
  std::vector<int> ranks;
  for (const Probe& probe : plan.probes) {
    ranks.push_back(probe.kind == ProbeKind::kSkipped    ? 2
                    : probe.route == aks::Route::kDirect ? 1
                                                         : 0);
  }
  EXPECT_TRUE(std::is_sorted(ranks.begin(), ranks.end()));
}

TEST(Plan, NotesWhatItCannotProve) {
  EXPECT_THAT(make(config(), {}, {}).notes,
              ElementsAre(HasSubstr("--fqdn"), HasSubstr("--service-cidr")));
  aks::HttpProxyConfig disabled = config();
  disabled.enabled = false;
  EXPECT_THAT(make(disabled).notes, Contains(HasSubstr("disabled")));
}

TEST(Plan, RefusesNamesThatAreNoHosts) {
  const auto catalogue = aks::Catalogue::embedded();
  const auto plan = [&catalogue](const char* fqdn, const char* pattern, const char* name) {
    aks::ClusterFacts facts;
    facts.fqdn = fqdn;
    PlanOptions options;
    options.names[pattern] = name;
    return make_plan(*catalogue, config(), facts, options).has_value();
  };
  constexpr char kPattern[] = "*.data.mcr.microsoft.com";
  EXPECT_TRUE(plan(kFqdn, kPattern, "westeurope.data.mcr.microsoft.com"));
  for (const char* bad :
       {"https://a.example", "a.example:443", "a b", "a\r\nb", ".a.example", ""}) {
    EXPECT_FALSE(plan(kFqdn, kPattern, bad)) << bad;
  }
  EXPECT_FALSE(plan("https://demo.hcp.eastus.azmk8s.io", kPattern, "a.example"));
  EXPECT_FALSE(plan(kFqdn, "*.ods.opinsights.azure.com", "a.ods.opinsights.azure.com"));
}

TEST(Plan, RefusesAnUnknownAddon) {
  const auto catalogue = aks::Catalogue::embedded();
  PlanOptions options;
  options.query.addons = {"nope"};
  EXPECT_FALSE(make_plan(*catalogue, config(), cluster(), options));
}

}  // namespace
}  // namespace check
