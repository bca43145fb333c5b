#include "aks/endpoint_report.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

namespace aks {
namespace {

using nlohmann::json;
using testing::HasSubstr;

allow_list::Selection monitored() {
  const auto catalogue = Catalogue::embedded();
  Query query;
  query.region = "westeurope";
  query.addons = {"monitor"};
  return {*catalogue->select(query), catalogue->provenance(), query};
}

TEST(EndpointReport, IsATableWithItsSource) {
  const std::string table = endpoint_table(monitored());
  EXPECT_THAT(table, HasSubstr("\nlogin.microsoftonline.com"));
  EXPECT_THAT(table, HasSubstr("  443/tcp  proxy   required  core,monitor"));
  EXPECT_THAT(table, HasSubstr("fb060ab, 2026-08-21\n"));
}

TEST(EndpointReport, GivesMachinesASourceWithEachEndpoint) {
  const allow_list::Selection selection = monitored();
  const json made = json::parse(endpoint_json(selection));
  ASSERT_EQ(made["endpoints"].size(), selection.endpoints.size());
  for (const json& each : made["endpoints"]) {
    EXPECT_EQ(each["source"]["date"], "2026-08-21");
    EXPECT_EQ(each["source"]["commit"], selection.provenance.commit);
  }
  EXPECT_EQ(made["query"]["addons"], json::array({"monitor"}));
  EXPECT_EQ(made["query"]["need"], "required");
}

}  // namespace
}  // namespace aks
