#include "aks/allow_list/allow_list.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <set>
#include <sstream>

#include "config/load.h"

namespace aks::allow_list {
namespace {

using nlohmann::json;
using testing::Contains;
using testing::HasSubstr;
using testing::Not;

Selection everything(Cloud cloud = Cloud::kPublic, const std::string& region = "westeurope") {
  const auto catalogue = Catalogue::embedded();
  Query query;
  query.cloud = cloud;
  query.region = region;
  query.os = Os::kAny;
  query.gpu = Gpu::kYes;
  for (const Group& group : catalogue->groups()) {
    if (group.applies == Applies::kAddon) query.addons.push_back(group.name);
  }
  query.at_least = Need::kOptional;
  return {*catalogue->select(query), catalogue->provenance(), query};
}

Selection only(const std::string& host, std::uint16_t port = 443) {
  Selection selection = everything();
  std::erase_if(selection.endpoints,
                [&](const Endpoint& each) { return each.host != host || each.port != port; });
  EXPECT_EQ(selection.endpoints.size(), 1U) << host;
  return selection;
}

std::string list_of(const Selection& selection, Product product) {
  const auto text = format_allow_list(selection, product);
  EXPECT_TRUE(text.has_value());
  return text ? *text : "";
}

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream stream(text);
  for (std::string line; std::getline(stream, line);) lines.push_back(line);
  return lines;
}

constexpr Product kProducts[] = {Product::kSluice, Product::kSquid, Product::kAzureFirewall,
                                 Product::kSmokescreen};

TEST(AllowList, NamesSourceAndDateWithEachEntry) {
  for (const Product product : kProducts) {
    const std::string text = list_of(only("*.ods.opinsights.azure.com"), product);
    EXPECT_THAT(text, HasSubstr("; defender, monitor; required; azure-aks-docs "
                                "fb060ab, 2026-08-21"));
    EXPECT_THAT(text, HasSubstr("articles/aks/outbound-rules-control-egress.md"));
  }
}

TEST(AllowList, NeedsARegionWhereAHostHasOne) {
  const auto text = format_allow_list(everything(Cloud::kPublic, ""), Product::kSquid);
  ASSERT_FALSE(text.has_value());
  EXPECT_EQ(text.error().code, base::ErrorCode::kBadRequest);
  EXPECT_THAT(text.error().detail, HasSubstr("--region"));
}

TEST(AllowList, LeavesNoEndpointUnmentioned) {
  for (const Cloud cloud : {Cloud::kPublic, Cloud::kChina, Cloud::kGovernment}) {
    const Selection selection = everything(cloud);
    for (const Product product : {Product::kSluice, Product::kSquid, Product::kSmokescreen}) {
      const std::string text = list_of(selection, product);
      for (const Endpoint& endpoint : selection.endpoints) {
        // Without the part in front that products write in different ways.
        const std::string core = endpoint.host.substr(endpoint.host.starts_with("*.") ? 2 : 0);
        const bool regex = product == Product::kSquid && endpoint.form == HostForm::kInfix;
        EXPECT_THAT(text, HasSubstr(regex ? endpoint.host.substr(0, 3) : core));
      }
    }
  }
}

TEST(SluiceRules, AreAConfigurationWithoutProblems) {
  for (const Cloud cloud : {Cloud::kPublic, Cloud::kChina, Cloud::kGovernment}) {
    const auto loaded = config::load_text(list_of(everything(cloud), Product::kSluice), "rules");
    EXPECT_TRUE(loaded.problems.empty())
        << (loaded.problems.empty() ? "" : to_string(loaded.problems.front()));
    EXPECT_EQ(loaded.config.policy.default_action, config::Action::kDeny);
    EXPECT_FALSE(loaded.config.policy.rules.empty());
  }
}

TEST(SluiceRules, AllowTheHostOnItsPort) {
  const auto loaded =
      config::load_text(list_of(only("security.ubuntu.com", 80), Product::kSluice), "rules");
  ASSERT_EQ(loaded.config.policy.rules.size(), 1U);
  const config::Rule& rule = loaded.config.policy.rules.front();
  EXPECT_EQ(rule.action, config::Action::kAllow);
  EXPECT_EQ(rule.hosts, std::vector<std::string>{"security.ubuntu.com"});
  EXPECT_EQ(rule.ports, std::vector<std::uint16_t>{80});
}

TEST(SluiceRules, SayApexAndBelowAsTheyAreMeant) {
  EXPECT_THAT(list_of(only("*.data.mcr.microsoft.com"), Product::kSluice),
              HasSubstr("- \"*.data.mcr.microsoft.com\"\n"));
  // Documented as one name, used with a name in front for each vault.
  EXPECT_THAT(list_of(only("vault.azure.net"), Product::kSluice),
              HasSubstr("- \".vault.azure.net\"\n"));
}

TEST(SluiceRules, LeaveOutRatherThanWiden) {
  const std::string text = list_of(only("md-*.blob.storage.azure.net"), Product::kSluice);
  EXPECT_THAT(text, HasSubstr("# Left out: md-*.blob.storage.azure.net port 443"));
  EXPECT_THAT(text, HasSubstr("rules: []"));
}

TEST(SquidLines, UseOneFormForEachKindOfHost) {
  EXPECT_THAT(lines_of(list_of(only("mcr.microsoft.com"), Product::kSquid)),
              Contains("acl aks_443 dstdomain -n mcr.microsoft.com"));
  EXPECT_THAT(lines_of(list_of(only("*.data.mcr.microsoft.com"), Product::kSquid)),
              Contains("acl aks_443 dstdomain -n .data.mcr.microsoft.com"));
  EXPECT_THAT(
      lines_of(list_of(only("md-*.blob.storage.azure.net"), Product::kSquid)),
      Contains(R"(acl aks_443_pattern dstdom_regex -n -i ^md-[^.]*\.blob\.storage\.azure\.net$)"));
}

TEST(SquidLines, AllowAHostOnItsPortAlone) {
  const auto lines = lines_of(list_of(only("security.ubuntu.com", 80), Product::kSquid));
  EXPECT_THAT(lines, Contains("acl aks_80_port port 80"));
  EXPECT_THAT(lines, Contains("http_access allow aks_80 aks_80_port"));
}

TEST(SquidLines, HaveNoNameThatAnotherOneCovers) {
  std::vector<std::string> domains;
  for (const std::string& line : lines_of(list_of(everything(), Product::kSquid))) {
    constexpr std::string_view kStart = "acl aks_443 dstdomain -n ";
    if (line.starts_with(kStart)) domains.push_back(line.substr(kStart.size()));
  }
  EXPECT_THAT(domains, Contains(".ingest.monitor.azure.com"));
  for (const std::string& wide : domains) {
    for (const std::string& narrow : domains) {
      const bool covered = &wide != &narrow && wide.front() == '.' &&
                           (narrow.ends_with(wide) || "." + narrow == wide);
      EXPECT_FALSE(covered) << narrow << " is covered by " << wide;
    }
  }
}

TEST(SmokescreenAcl, WritesGlobsWithAStarInFrontOnly) {
  for (const std::string& line : lines_of(list_of(everything(), Product::kSmokescreen))) {
    if (!line.starts_with("    - ")) continue;
    const std::string glob = line.substr(7, line.size() - 8);
    EXPECT_EQ(glob.find('*', 1), std::string::npos) << line;
    EXPECT_TRUE(glob.front() != '*' || glob.starts_with("*.")) << line;
  }
  const auto vault = lines_of(list_of(only("vault.azure.net"), Product::kSmokescreen));
  EXPECT_THAT(vault, Contains("    - \"vault.azure.net\""));
  EXPECT_THAT(vault, Contains("    - \"*.vault.azure.net\""));
  EXPECT_THAT(vault, Contains("version: v1"));
  EXPECT_THAT(vault, Contains("services: []"));
}

json firewall(const Selection& selection) {
  return json::parse(list_of(selection, Product::kAzureFirewall));
}

json rules_of(const json& made, const std::string& kind) {
  for (const json& each : made["resources"][0]["properties"]["ruleCollections"]) {
    if (each["name"] == kind) return each["rules"];
  }
  return json::array();
}

TEST(AzureFirewall, HasApplicationRulesForHttpAndHttps) {
  const json http = rules_of(firewall(only("security.ubuntu.com", 80)), "aks-application");
  ASSERT_EQ(http.size(), 1U);
  EXPECT_EQ(http[0]["ruleType"], "ApplicationRule");
  EXPECT_EQ(http[0]["protocols"], json::parse(R"([{"protocolType": "Http", "port": 80}])"));
  EXPECT_EQ(http[0]["targetFqdns"], json::parse(R"(["security.ubuntu.com"])"));
  const json vault = rules_of(firewall(only("vault.azure.net")), "aks-application");
  EXPECT_EQ(vault[0]["protocols"], json::parse(R"([{"protocolType": "Https", "port": 443}])"));
  EXPECT_EQ(vault[0]["targetFqdns"], json::parse(R"(["vault.azure.net", "*.vault.azure.net"])"));
}

TEST(AzureFirewall, HasNetworkRulesForTheRest) {
  const json ntp = rules_of(firewall(only("ntp.ubuntu.com", 123)), "aks-network")[0];
  EXPECT_EQ(ntp["ruleType"], "NetworkRule");
  EXPECT_EQ(ntp["ipProtocols"], json::parse(R"(["UDP"])"));
  EXPECT_EQ(ntp["destinationFqdns"], json::parse(R"(["ntp.ubuntu.com"])"));
  EXPECT_EQ(ntp["destinationPorts"], json::parse(R"(["123"])"));
  const json tunnel = rules_of(firewall(only("*", 9000)), "aks-network")[0];
  EXPECT_EQ(tunnel["destinationAddresses"], json::parse(R"(["AzureCloud.westeurope"])"));
  const json tag = rules_of(firewall(only("ServiceTag:AzureMonitor")), "aks-network")[0];
  EXPECT_EQ(tag["destinationAddresses"], json::parse(R"(["AzureMonitor"])"));
}

TEST(AzureFirewall, AsksForWhatOnlyTheClusterKnows) {
  const json made = firewall(only("{apiserver_ip}"));
  EXPECT_TRUE(made["parameters"].contains("apiServerAddress"));
  EXPECT_EQ(rules_of(made, "aks-network")[0]["destinationAddresses"],
            json::parse(R"(["[parameters('apiServerAddress')]"])"));
  EXPECT_FALSE(firewall(only("mcr.microsoft.com"))["parameters"].contains("apiServerAddress"));
}

TEST(AzureFirewall, NamesEachRuleOnceAndCountsEveryEndpoint) {
  for (const Cloud cloud : {Cloud::kPublic, Cloud::kChina, Cloud::kGovernment}) {
    const Selection selection = everything(cloud);
    const json made = firewall(selection);
    std::set<std::string> names;
    size_t rules = 0;
    for (const char* kind : {"aks-application", "aks-network"}) {
      for (const json& rule : rules_of(made, kind)) {
        names.insert(rule["name"]);
        ++rules;
      }
    }
    EXPECT_EQ(names.size(), rules);
    EXPECT_EQ(rules + made["metadata"]["leftOut"].size(), selection.endpoints.size());
  }
}

TEST(Products, AreKnownByName) {
  EXPECT_EQ(parse_product("azure-firewall"), Product::kAzureFirewall);
  EXPECT_EQ(parse_product(""), std::nullopt);
  EXPECT_EQ(parse_product("Squid"), std::nullopt);
}

}  // namespace
}  // namespace aks::allow_list
