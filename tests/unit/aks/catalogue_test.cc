#include "aks/catalogue.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

namespace aks {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

Catalogue catalogue() {
  auto loaded = Catalogue::embedded();
  EXPECT_TRUE(loaded) << (loaded ? "" : loaded.error().detail);
  return std::move(*loaded);
}

std::vector<Endpoint> select(const Query& query) {
  const Catalogue all = catalogue();
  auto selected = all.select(query);
  EXPECT_TRUE(selected) << (selected ? "" : selected.error().detail);
  return std::move(*selected);
}

std::vector<std::string> hosts(const std::vector<Endpoint>& endpoints, Route via) {
  std::vector<std::string> out;
  for (const Endpoint& endpoint : endpoints) {
    if (endpoint.via == via) out.push_back(endpoint.host + ":" + std::to_string(endpoint.port));
  }
  return out;
}

const Endpoint* find(const std::vector<Endpoint>& endpoints, const std::string& host) {
  for (const Endpoint& endpoint : endpoints) {
    if (endpoint.host == host) return &endpoint;
  }
  return nullptr;
}

TEST(Catalogue, SaysWhereItComesFrom) {
  const Provenance provenance = catalogue().provenance();
  EXPECT_EQ(provenance.repository, "MicrosoftDocs/azure-aks-docs");
  EXPECT_EQ(provenance.commit.size(), 40U);
  EXPECT_EQ(provenance.date.size(), 10U);
}

TEST(Catalogue, HoldsEveryDocumentedRowOnce) {
  size_t rows = 0;
  std::set<std::string> seen;
  const Catalogue all = catalogue();
  for (const Endpoint& endpoint : all.endpoints()) {
    for (const Cloud cloud : endpoint.clouds) {
      ++rows;
      const std::string key = endpoint.groups[0] + " " + std::string(token_of(cloud)) + " " +
                              endpoint.host + " " + std::to_string(endpoint.port) +
                              (endpoint.transport == Transport::kUdp ? "u" : "t");
      EXPECT_TRUE(seen.insert(key).second) << key;
    }
  }
  EXPECT_EQ(rows, 128U);  // the rows over three clouds, of each that a cloud has
}

TEST(Catalogue, KnowsWhatThePublicCloudRequiresThroughTheProxy) {
  EXPECT_THAT(hosts(select({}), Route::kProxy),
              ElementsAre("mcr.microsoft.com:443", "*.data.mcr.microsoft.com:443",
                          "mcr-0001.mcr-msedge.net:443", "management.azure.com:443",
                          "login.microsoftonline.com:443", "packages.microsoft.com:443",
                          "acs-mirror.azureedge.net:443", "packages.aks.azure.com:443"));
}

TEST(Catalogue, FillsInTheRegion) {
  const auto selected = select({.region = "West Europe", .addons = {"monitor"}});
  EXPECT_NE(find(selected, "westeurope.handler.control.monitor.azure.com"), nullptr);
  EXPECT_NE(find(selected, "*.hcp.westeurope.azmk8s.io"), nullptr);
  EXPECT_NE(find(select({}), "*.hcp.{region}.azmk8s.io"), nullptr);
}

TEST(Catalogue, TriesWildcardsInTheRegionWhereItHasANameThere) {
  const auto tried = [](const Query& query) {
    return find(select(query), "*.data.mcr.microsoft.com")->example;
  };
  EXPECT_EQ(tried({.region = "West Europe"}), "westeurope.data.mcr.microsoft.com");
  EXPECT_EQ(tried({}), "eastus.data.mcr.microsoft.com");
  EXPECT_EQ(tried({.cloud = Cloud::kChina, .region = "chinaeast2"}),
            "eastus.data.mcr.microsoft.com");
}

TEST(Catalogue, SelectsByCloud) {
  EXPECT_THAT(hosts(select({.cloud = Cloud::kChina}), Route::kProxy), Contains("mcr.azure.cn:443"));
  EXPECT_THAT(hosts(select({.cloud = Cloud::kGovernment}), Route::kProxy),
              Contains("login.microsoftonline.us:443"));
}

TEST(Catalogue, SelectsUpdatesGpuAndWindowsOnRequest) {
  EXPECT_EQ(find(select({}), "security.ubuntu.com"), nullptr);
  EXPECT_NE(find(select({.at_least = Need::kRecommended}), "security.ubuntu.com"), nullptr);
  EXPECT_EQ(find(select({}), "nvidia.github.io"), nullptr);
  EXPECT_NE(find(select({.gpu = Gpu::kYes}), "nvidia.github.io"), nullptr);
  EXPECT_EQ(find(select({}), "onegetcdn.azureedge.net"), nullptr);
  EXPECT_NE(find(select({.os = Os::kWindows}), "onegetcdn.azureedge.net"), nullptr);
  EXPECT_NE(find(select({.at_least = Need::kOptional}), "md-*.blob.storage.azure.net"), nullptr);
}

TEST(Catalogue, KnowsAddonsByTheirOtherNames) {
  EXPECT_NE(find(select({.addons = {"azure-policy"}}), "data.policy.core.windows.net"), nullptr);
  EXPECT_NE(find(select({.addons = {"Monitoring"}}), "*.monitoring.azure.com"), nullptr);
  const Catalogue all = catalogue();
  const auto unknown = all.select({.addons = {"nope"}});
  ASSERT_FALSE(unknown);
  EXPECT_THAT(unknown.error().detail, HasSubstr("workload-identity, defender, keyvault"));
}

TEST(Catalogue, RefusesAMalformedRegion) {
  const Catalogue all = catalogue();
  EXPECT_FALSE(all.select({.region = "west.europe"}));
}

TEST(Catalogue, MergesEndpointsThatSeveralGroupsNeed) {
  const auto selected = select({.addons = {"monitor", "cost-analysis"}});
  const Endpoint* login = find(selected, "login.microsoftonline.com");
  ASSERT_NE(login, nullptr);
  EXPECT_THAT(login->groups, ElementsAre("core", "monitor", "cost-analysis"));
  EXPECT_EQ(login->need, Need::kRequired);
}

TEST(Catalogue, HasANameToTryForEveryProxiedHost) {
  const Catalogue all = catalogue();
  for (const Endpoint& endpoint : all.endpoints()) {
    if (endpoint.via != Route::kProxy || endpoint.form == HostForm::kServiceTag) continue;
    EXPECT_NE(endpoint.example_source, ExampleSource::kNone) << endpoint.host;
    EXPECT_THAT(endpoint.example, Not(HasSubstr("*"))) << endpoint.host;
    EXPECT_TRUE(endpoint.scheme) << endpoint.host;
    if (endpoint.form == HostForm::kBelow) {
      EXPECT_TRUE(endpoint.example.ends_with(endpoint.host.substr(1))) << endpoint.host;
    }
  }
}

TEST(Catalogue, ForbidsInspectionOfTheApiServerAndCustomMetrics) {
  const auto selected = select({.region = "eastus", .addons = {"monitor"}});
  EXPECT_EQ(find(selected, "*.hcp.eastus.azmk8s.io")->inspection, Inspection::kForbidden);
  EXPECT_EQ(find(selected, "*.monitoring.azure.com")->inspection, Inspection::kForbidden);
  EXPECT_EQ(find(selected, "mcr.microsoft.com")->inspection, Inspection::kAcceptable);
}

TEST(Catalogue, NamesTheRowThatIsWrong) {
  constexpr std::string_view kHead =
      R"({"provenance":{"repository":"r","document":"d","commit":"c","date":"x","remarks":[]},
          "groups":[{"name":"core","applies":"always","title":"t"}],"endpoints":[)";
  const auto parse = [&kHead](const char* row) {
    auto parsed = Catalogue::parse(std::string(kHead) + row + "]}");
    return parsed ? std::string("ok") : parsed.error().detail;
  };
  EXPECT_EQ(parse(R"({"host":"a.example","port":443,"clouds":["public"],"group":"core",
                      "need":"required","via":"proxy","purpose":"p"})"),
            "ok");
  EXPECT_EQ(parse(R"({"host":"a.example","port":0,"clouds":["public"],"group":"core",
                      "need":"required","via":"proxy","purpose":"p"})"),
            "endpoint catalogue: host a.example: port is not a port");
  EXPECT_EQ(parse(R"({"host":"a.example","port":1,"clouds":["moon"],"group":"core",
                      "need":"required","via":"proxy","purpose":"p"})"),
            "endpoint catalogue: host a.example: clouds is not a list of clouds");
  EXPECT_EQ(parse(R"({"host":"a.example","port":1,"clouds":["gov"],"group":"x",
                      "need":"required","via":"proxy","purpose":"p"})"),
            "endpoint catalogue: host a.example is in the unknown group x");
  EXPECT_EQ(parse("7"), "endpoint catalogue: host : is no object");
  EXPECT_FALSE(Catalogue::parse("["));
  EXPECT_FALSE(Catalogue::parse("{}"));
}

TEST(Endpoint, ReadsCloudsAndRegions) {
  EXPECT_EQ(parse_cloud("AzureUSGovernment"), Cloud::kGovernment);
  EXPECT_EQ(parse_cloud("moon"), std::nullopt);
  EXPECT_EQ(normal_region("East US 2"), "eastus2");
  EXPECT_EQ(normal_region(""), std::nullopt);
}

TEST(Catalogue, NamesAddonsForWhichACloudDocumentsNothing) {
  const Catalogue all = catalogue();
  Query query;
  query.addons = {"azure-keyvault-secrets-provider", "monitor"};
  EXPECT_THAT(*all.undocumented_addons(query), ElementsAre());
  query.cloud = Cloud::kChina;
  EXPECT_THAT(*all.undocumented_addons(query), ElementsAre("keyvault"));
  query.addons = {"nothing"};
  EXPECT_FALSE(all.undocumented_addons(query));
}

TEST(Catalogue, HasDefendersUploadInTheGovernmentCloudToo) {
  Query query;
  query.cloud = Cloud::kGovernment;
  query.addons = {"defender"};
  EXPECT_THAT(hosts(select(query), Route::kProxy), Contains("*.cloud.defender.microsoft.com:443"));
}

}  // namespace
}  // namespace aks
