#include "aks/profile.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace aks {
namespace {

using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

ProfileRules rules_of(std::string_view profile) {
  const auto query = parse_profile(profile);
  EXPECT_TRUE(query) << (query ? "" : query.error().detail);
  auto rules = profile_rules(*Catalogue::embedded(), *query);
  EXPECT_TRUE(rules) << (rules ? "" : rules.error().detail);
  return std::move(*rules);
}

std::vector<std::string> names(const std::vector<config::Rule>& rules) {
  std::vector<std::string> out;
  for (const config::Rule& rule : rules) out.push_back(rule.name);
  return out;
}

struct CloudCase {
  const char* profile;
  Cloud cloud;
  const char* region;
};

TEST(Profile, DerivesTheCloudFromTheRegionOrTakesItAsWritten) {
  constexpr CloudCase kCases[] = {{"aks:westeurope", Cloud::kPublic, "westeurope"},
                                  {"AKS:WestEurope", Cloud::kPublic, "westeurope"},
                                  {"aks:chinaeast2", Cloud::kChina, "chinaeast2"},
                                  {"aks:usgovvirginia", Cloud::kGovernment, "usgovvirginia"},
                                  {"aks:usdodeast", Cloud::kGovernment, "usdodeast"},
                                  {"aks:china:north9", Cloud::kChina, "north9"},
                                  {"aks:gov:arizona", Cloud::kGovernment, "arizona"}};
  for (const CloudCase& c : kCases) {
    const auto query = parse_profile(c.profile);
    ASSERT_TRUE(query) << c.profile;
    EXPECT_EQ(query->cloud, c.cloud) << c.profile;
    EXPECT_EQ(query->region, c.region) << c.profile;
  }
}

TEST(Profile, ReadsAddonsAndGpu) {
  const auto query = parse_profile("aks:westeurope,monitor,GPU,keyvault-csi");
  ASSERT_TRUE(query);
  EXPECT_EQ(query->addons, (std::vector<std::string>{"monitor", "keyvault-csi"}));
  EXPECT_EQ(query->gpu, Gpu::kYes);
}

TEST(Profile, RefusesWhatNamesNoRegionOrCloud) {
  for (const char* text :
       {"", "aks", "aks:", "aks:,monitor", "aks:china", "aks:public", "aks:mars:x",
        "aks:west-europe", "aks:westeurope,", "aks:westeurope,,monitor", "squid:westeurope"}) {
    EXPECT_FALSE(parse_profile(text)) << text;
  }
}

TEST(Profile, AllowsExactlyWhatGoesThroughTheProxy) {
  const ProfileRules core = rules_of("aks:westeurope");
  EXPECT_THAT(names(core.rules),
              ::testing::ElementsAre(
                  "aks:core:mcr.microsoft.com", "aks:core:*.data.mcr.microsoft.com",
                  "aks:core:mcr-0001.mcr-msedge.net", "aks:core:management.azure.com",
                  "aks:core:login.microsoftonline.com", "aks:core:packages.microsoft.com",
                  "aks:core:acs-mirror.azureedge.net", "aks:core:packages.aks.azure.com",
                  "aks:updates:security.ubuntu.com", "aks:updates:azure.archive.ubuntu.com",
                  "aks:updates:changelogs.ubuntu.com", "aks:updates:snapshot.ubuntu.com"));
  for (const config::Rule& rule : core.rules) {
    EXPECT_EQ(rule.action, config::Action::kAllow) << rule.name;
    EXPECT_EQ(rule.hosts.size(), 1U) << rule.name;
    EXPECT_EQ(rule.ports.size(), 1U) << rule.name;
    EXPECT_TRUE(rule.addresses.empty()) << rule.name << " would open the address guard";
  }
  EXPECT_EQ(core.rules[0].ports.front(), 443);
  EXPECT_EQ(core.rules[8].ports.front(), 80);
}

TEST(Profile, FillsInTheRegion) {
  EXPECT_THAT(names(rules_of("aks:westeurope,monitor").rules),
              Contains("aks:monitor:westeurope.handler.control.monitor.azure.com"));
}

TEST(Profile, TakesTheCloudsEndpoints) {
  const auto china = names(rules_of("aks:chinaeast2").rules);
  EXPECT_THAT(china, Contains("aks:core:mcr.azure.cn"));
  EXPECT_THAT(china, Not(Contains("aks:core:management.azure.com")));
}

TEST(Profile, OffersWhatAddonsLeftOutWouldAllow) {
  const ProfileRules core = rules_of("aks:westeurope");
  EXPECT_THAT(names(core.offers), Contains("keyvault"));
  EXPECT_THAT(names(core.offers), Contains("gpu"));
  const ProfileRules more = rules_of("aks:westeurope,keyvault,gpu");
  EXPECT_THAT(names(more.offers), Not(Contains("keyvault")));
  EXPECT_THAT(names(more.offers), Not(Contains("gpu")));
  for (const config::Rule& offer : more.offers) {
    EXPECT_NE(offer.hosts.front(), "mcr.microsoft.com") << "it is allowed already";
  }
}

TEST(Profile, RefusesAnAddonThatTheCatalogueDoesNotKnow) {
  const auto rules = profile_rules(*Catalogue::embedded(), *parse_profile("aks:westeurope,coffee"));
  ASSERT_FALSE(rules);
  EXPECT_THAT(rules.error().detail, HasSubstr("coffee"));
}

struct PatternCase {
  const char* host;
  const char* example;
  const char* pattern;  // nullptr: none
};

TEST(RulePattern, CoversTheHostAndNoMore) {
  constexpr PatternCase kCases[] = {
      {"mcr.microsoft.com", "mcr.microsoft.com", "mcr.microsoft.com"},
      {"*.data.mcr.microsoft.com", "eastus.data.mcr.microsoft.com", "*.data.mcr.microsoft.com"},
      {"vault.azure.net", "demo.vault.azure.net", ".vault.azure.net"},
      {"vault.azure.net", "notvault.azure.net", "vault.azure.net"},
      {"md-*.blob.storage.azure.net", "md-x.blob.storage.azure.net", nullptr},
      {"*", "", nullptr},
      {"{apiserver_ip}", "", nullptr},
      {"ServiceTag:AzureMonitor", "", nullptr},
      {"{region}.handler.control.monitor.azure.com", "", nullptr}};
  for (const PatternCase& c : kCases) {
    Endpoint endpoint;
    endpoint.host = c.host;
    endpoint.form = form_of(c.host);
    endpoint.example = c.example;
    const auto pattern = rule_pattern(endpoint);
    EXPECT_EQ(pattern, c.pattern == nullptr ? std::nullopt : std::optional<std::string>(c.pattern))
        << c.host;
  }
}

TEST(ApplyProfile, FillsAndClearsThePolicy) {
  config::Policy policy;
  policy.profile = "aks:westeurope";
  ASSERT_TRUE(apply_profile(policy));
  EXPECT_THAT(policy.profile_rules, Not(IsEmpty()));
  policy.profile = "";
  ASSERT_TRUE(apply_profile(policy));
  EXPECT_THAT(policy.profile_rules, IsEmpty());
  EXPECT_THAT(policy.profile_offers, IsEmpty());
}

}  // namespace
}  // namespace aks
