#include "aks/learn_report.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "aks/learn_text.h"
#include "config/load.h"
#include "http/target.h"

namespace aks {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

LearnReport report_of(const std::vector<std::string_view>& destinations, const Query& query = {}) {
  Learned learned(100);
  for (const auto text : destinations) {
    const auto authority = http::parse_authority(text);
    EXPECT_TRUE(authority) << text;
    learned.add({authority->host, authority->port, LearnedMethod::kConnect, LearnedVerdict::kAllow,
                 *base::IpAddress::parse("10.1.2.3"), base::WallTime()});
  }
  auto report = learn_report(*Catalogue::embedded(), query, learned);
  EXPECT_TRUE(report) << (report ? "" : report.error().detail);
  return std::move(*report);
}

std::string said(std::string_view destination, const Query& query = {}) {
  const LearnReport report = report_of({destination}, query);
  const LearnRow& row = report.rows.front();
  std::string text(token_of(row.kind));
  for (const std::string& addon : row.addons) text += " " + addon;
  return text + (row.rule_host.empty() ? "" : " as " + row.rule_host);
}

Query in(std::string region, std::vector<std::string> addons = {}) {
  Query query;
  query.region = std::move(region);
  query.addons = std::move(addons);
  return query;
}

TEST(LearnReport, TellsWhatTheCatalogueSaysOfADestination) {
  EXPECT_EQ(said("mcr.microsoft.com:443"), "required as mcr.microsoft.com");
  EXPECT_EQ(said("security.ubuntu.com:80"), "required as security.ubuntu.com");
  EXPECT_EQ(said("data.policy.core.windows.net:443"),
            "add-on policy as data.policy.core.windows.net");
  EXPECT_EQ(said("nvidia.github.io:443"), "add-on gpu as nvidia.github.io");
  EXPECT_EQ(said("login.microsoftonline.com:443"), "required as login.microsoftonline.com");
  EXPECT_EQ(said("example.com:443"), "unknown as example.com");
  EXPECT_EQ(said("mcr.microsoft.com:8443"), "unknown as mcr.microsoft.com");
}

TEST(LearnReport, SuggestsWildcardsOfTheCatalogueAndNoOthers) {
  EXPECT_EQ(said("eastus.data.mcr.microsoft.com:443"), "required as *.data.mcr.microsoft.com");
  EXPECT_EQ(said("a.b.data.mcr.microsoft.com:443"), "required as *.data.mcr.microsoft.com");
  EXPECT_EQ(said("demo.vault.azure.net:443"), "add-on keyvault as .vault.azure.net");
  EXPECT_EQ(said("md-abc.blob.storage.azure.net:443"), "optional as md-abc.blob.storage.azure.net");
  EXPECT_EQ(said("other.blob.storage.azure.net:443"), "unknown as other.blob.storage.azure.net");
  EXPECT_EQ(said("a.example.com:443"), "unknown as a.example.com");
}

TEST(LearnReport, ReadsTheRegionOfNamesWhereItIsKnown) {
  const std::string handler = "westeurope.handler.control.monitor.azure.com";
  EXPECT_EQ(said(handler + ":443", in("westeurope")), "add-on monitor as " + handler);
  EXPECT_EQ(said(handler + ":443"), "add-on monitor as " + handler);
  EXPECT_EQ(said(handler + ":443", in("eastus")), "unknown as " + handler);
}

TEST(LearnReport, MakesNoRuleOfWhatShouldHaveBypassed) {
  for (const char* destination : {"demo-1a2b.hcp.westeurope.azmk8s.io:443", "db.shop.svc:80",
                                  "db.shop.svc.cluster.local:80"}) {
    const LearnReport report = report_of({destination});
    EXPECT_EQ(report.rows.front().kind, LearnClass::kDirect) << destination;
    EXPECT_EQ(report.rows.front().listing, Listing::kNever) << destination;
    EXPECT_THAT(report.rows.front().note, HasSubstr("noProxy"));
  }
}

TEST(LearnReport, MakesNoRuleOfAddresses) {
  const LearnReport report = report_of({"203.0.113.7:443", "[2001:db8::1]:443"});
  for (const LearnRow& row : report.rows) {
    EXPECT_EQ(row.listing, Listing::kNever);
    EXPECT_TRUE(row.rule_host.empty());
  }
}

TEST(LearnReport, MakesNoRuleOfAHostThatNoRuleCanName) {
  const LearnReport report =
      report_of({"-a.example.com:443", "a-.example.com:443", "md-.x.blob.storage.azure.net:443"});
  for (const LearnRow& row : report.rows) {
    EXPECT_EQ(row.listing, Listing::kNever) << row.host;
    EXPECT_THAT(row.note, HasSubstr("RFC 1123"));
  }
}

TEST(LearnReport, LeavesAddonsThatAreNotEnabledToTheReader) {
  const Query query = in("westeurope", {"omsagent"});
  const LearnReport report =
      report_of({"x.ods.opinsights.azure.com:443", "demo.vault.azure.net:443"}, query);
  for (const LearnRow& row : report.rows) {
    const bool monitor = row.addons.front() == "monitor";
    EXPECT_EQ(row.listing, monitor ? Listing::kAllow : Listing::kReview) << row.host;
  }
  EXPECT_EQ(report.profile, "aks:westeurope,monitor");
}

TEST(LearnReport, NamesAProfileWithAsFewAddonsAsExplainWhatWasSeen) {
  // defender and monitor share the first; the second is monitor's alone.
  const LearnReport report = report_of(
      {"x.ods.opinsights.azure.com:443", "a.ingest.monitor.azure.com:443"}, in("westeurope"));
  EXPECT_EQ(report.profile, "aks:westeurope,monitor");
  EXPECT_EQ(report_of({"mcr.microsoft.com:443"}).profile, "") << "no region, no profile";
  Query china = in("north9");
  china.cloud = Cloud::kChina;
  EXPECT_EQ(report_of({"mcr.azure.cn:443"}, china).profile, "aks:china:north9");
}

TEST(LearnReport, RefusesAnUnknownAddon) {
  EXPECT_FALSE(learn_report(*Catalogue::embedded(), in("westeurope", {"coffee"}), Learned(1)));
}

TEST(LearnReport, AddsUpBothMethodsOfADestination) {
  Learned learned(10);
  for (const auto method : {LearnedMethod::kConnect, LearnedMethod::kForward}) {
    learned.add({"a.test", 80, method, LearnedVerdict::kDeny, {}, {}});
  }
  const auto report = learn_report(*Catalogue::embedded(), {}, learned);
  ASSERT_EQ(report->rows.size(), 1U);
  EXPECT_EQ(report->rows.front().facts.denied, 2U);
}

const std::vector<std::string_view> kMixed = {"mcr.microsoft.com:443",
                                              "eastus.data.mcr.microsoft.com:443",
                                              "westus.data.mcr.microsoft.com:443",
                                              "security.ubuntu.com:80",
                                              "demo.vault.azure.net:443",
                                              "evil_name.example.com:443",
                                              "203.0.113.7:443",
                                              "db.shop.svc:80"};

config::Policy policy_in(const std::string& yaml) {
  const config::Loaded loaded = config::load_text(yaml, "learned.yaml");
  for (const auto& problem : loaded.problems) ADD_FAILURE() << to_string(problem) << "\n" << yaml;
  return loaded.config.policy;
}

TEST(LearnPolicy, IsAConfigurationThatAllowsWhatTheCatalogueKnows) {
  const std::string yaml = format_learn_policy(report_of(kMixed), Unknown::kComment);
  const config::Policy policy = policy_in(yaml);
  EXPECT_EQ(policy.default_action, config::Action::kDeny);
  ASSERT_EQ(policy.rules.size(), 3U);
  EXPECT_EQ(policy.rules[0].name, "learned-keyvault-443");
  EXPECT_THAT(policy.rules[1].hosts, ElementsAre("*.data.mcr.microsoft.com", "mcr.microsoft.com"));
  EXPECT_THAT(policy.rules[2].ports, ElementsAre(80));
  for (const config::Rule& rule : policy.rules) EXPECT_THAT(rule.addresses, IsEmpty());
  EXPECT_THAT(yaml, HasSubstr("    #     - \"evil_name.example.com\"  # 1 request\n"));
  EXPECT_THAT(yaml, HasSubstr("# 203.0.113.7:443: an address"));
  EXPECT_THAT(yaml, HasSubstr("# db.shop.svc:80: "));
}

TEST(LearnPolicy, AllowsUnknownNamesWhenAsked) {
  const config::Policy policy = policy_in(format_learn_policy(report_of(kMixed), Unknown::kAllow));
  EXPECT_EQ(policy.rules.size(), 4U);
  EXPECT_EQ(policy.rules.back().name, "learned-unknown-443");
}

TEST(LearnPolicy, BecomesRulesWhenItsCommentsAreUncommented) {
  std::string yaml = format_learn_policy(report_of(kMixed), Unknown::kComment);
  for (size_t at = 0; (at = yaml.find("\n    # ", at)) != std::string::npos; ++at) {
    if (yaml.compare(at + 7, 2, "To") != 0) yaml.erase(at + 5, 2);
  }
  EXPECT_EQ(policy_in(yaml).rules.size(), 4U);
}

TEST(LearnPolicy, OfNothingDeniesEverything) {
  const config::Policy policy = policy_in(format_learn_policy(report_of({}), Unknown::kComment));
  EXPECT_EQ(policy.default_action, config::Action::kDeny);
  EXPECT_THAT(policy.rules, IsEmpty());
}

TEST(LearnTable, GroupsByClassAndSaysWhereWildcardsComeFrom) {
  const std::string table = format_learn_table(report_of(kMixed, in("westeurope")));
  EXPECT_LT(table.find("required\n"), table.find("add-on keyvault\n"));
  EXPECT_LT(table.find("add-on keyvault\n"), table.find("direct\n"));
  EXPECT_LT(table.find("direct\n"), table.find("unknown\n"));
  EXPECT_THAT(table, HasSubstr("as *.data.mcr.microsoft.com"));
  EXPECT_THAT(table, HasSubstr("Wildcards are the catalogue's"));
  EXPECT_THAT(table, HasSubstr("the profile aks:westeurope,keyvault"));
  EXPECT_THAT(format_learn_table(report_of({"mcr.microsoft.com:443"})),
              Not(HasSubstr("Wildcards")));
}

TEST(LearnJson, HasEveryDestination) {
  const auto document = nlohmann::json::parse(format_learn_json(report_of(kMixed)));
  ASSERT_EQ(document["destinations"].size(), kMixed.size());
  const auto& first = document["destinations"][0];
  EXPECT_EQ(first["class"], "required");
  EXPECT_EQ(first["listing"], "allow");
  EXPECT_EQ(first["allow"], 1);
  EXPECT_EQ(first["clients"][0], "10.1.2.3");
}

}  // namespace
}  // namespace aks
