#include "watch/misroute_table.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

namespace watch {
namespace {

using nlohmann::json;

MisrouteRow::Key key(std::string agent, int client = 1) {
  return {base::IpAddress::v4({10, 0, 0, static_cast<std::uint8_t>(client)}),
          std::move(agent),
          {aks::MisrouteKind::kListed, "10.0.0.0/16"}};
}

base::WallTime at(int second) { return base::WallTime(std::chrono::seconds(second)); }

TEST(MisrouteTable, CountsByClientAgentAndEntry) {
  MisrouteTable table;
  table.note(key("curl"), "10.0.0.7", 443, at(1), 10);
  table.note(key("curl"), "10.0.0.8", 80, at(2), 10);
  table.note(key("wget"), "10.0.0.7", 443, at(3), 10);
  table.note(key("curl", 2), "10.0.0.7", 443, at(4), 10);
  const auto rows = table.rows();
  ASSERT_EQ(rows.size(), 3U);
  const MisrouteRow& curl = rows.back();
  EXPECT_EQ(curl.count, 2U);
  EXPECT_EQ(curl.first, at(1));
  EXPECT_EQ(curl.last, at(2));
  EXPECT_EQ(curl.host, "10.0.0.8");
  EXPECT_EQ(curl.port, 80);
}

TEST(MisrouteTable, ForgetsTheLeastRecentRowAndCountsThat) {
  MisrouteTable table;
  table.note(key("a"), "h", 1, at(1), 2);
  table.note(key("b"), "h", 1, at(2), 2);
  table.note(key("a"), "h", 1, at(3), 2);
  table.note(key("c"), "h", 1, at(4), 2);
  const auto rows = table.rows();
  ASSERT_EQ(rows.size(), 2U);
  EXPECT_EQ(rows[0].key.user_agent, "c");
  EXPECT_EQ(rows[1].key.user_agent, "a");
  EXPECT_EQ(table.evicted(), 1U);
}

TEST(MisrouteTable, StaysBoundedWhateverClientsCallThemselves) {
  MisrouteTable table;
  for (int i = 0; i < 10'000; ++i) {
    table.note(key(std::to_string(i) + std::string(10'000, 'x')), "h", 1, at(i), 16);
  }
  EXPECT_EQ(table.rows().size(), 16U);
  EXPECT_EQ(table.evicted(), 10'000U - 16U);
  for (const MisrouteRow& row : table.rows()) {
    EXPECT_EQ(row.key.user_agent.size(), MisrouteTable::kMaxUserAgent);
  }
}

TEST(MisrouteTable, AClientWithManyRowsPushesOutItsOwn) {
  MisrouteTable table;
  table.note(key("curl", 1), "h", 1, at(1), 16);
  table.note(key("wget", 2), "h", 1, at(2), 16);
  for (int i = 0; i < 1000; ++i) table.note(key(std::to_string(i), 3), "h", 1, at(3 + i), 16);
  const auto rows = table.rows();
  ASSERT_EQ(rows.size(), 16U);
  EXPECT_EQ(rows[15].key.user_agent, "curl");
  EXPECT_EQ(rows[14].key.user_agent, "wget");
  EXPECT_EQ(rows[0].key.user_agent, "999");
}

TEST(MisroutesJson, SumsTheWorkersRowsHighestFirst) {
  MisrouteTable one;
  MisrouteTable two;
  one.note(key("curl"), "10.0.0.7", 443, at(1), 10);
  two.note(key("curl"), "10.0.0.9", 443, at(5), 10);
  two.note(key("wget"), "10.0.0.7", 443, at(3), 10);
  std::vector<MisrouteRow> rows = one.rows();
  for (const MisrouteRow& row : two.rows()) rows.push_back(row);
  const json document = json::parse(misroutes_json({"10.0.0.0/16"}, rows, 7, 10));
  EXPECT_EQ(document["enabled"], true);
  EXPECT_EQ(document["evicted"], 7);
  EXPECT_EQ(document["hidden"], 0);
  ASSERT_EQ(document["rows"].size(), 2U);
  const json& first = document["rows"][0];
  EXPECT_EQ(first["user_agent"], "curl");
  EXPECT_EQ(first["count"], 2);
  EXPECT_EQ(first["client"], "10.0.0.1");
  EXPECT_EQ(first["kind"], "listed");
  EXPECT_EQ(first["entry"], "10.0.0.0/16");
  EXPECT_EQ(first["destination"], "10.0.0.9:443");
  EXPECT_EQ(first["first"], "1970-01-01T00:00:01.000Z");
  EXPECT_EQ(first["last"], "1970-01-01T00:00:05.000Z");
  EXPECT_NE(first["fix"].get<std::string>().find("10.0.0.9"), std::string::npos);
}

TEST(MisroutesJson, ShowsABoundedNumberOfRowsAndSaysHowManyItHides) {
  MisrouteTable table;
  for (int i = 0; i < 9; ++i) table.note(key(std::to_string(i)), "h", 1, at(i), 10);
  const json document = json::parse(misroutes_json({"x"}, table.rows(), 0, 4));
  EXPECT_EQ(document["rows"].size(), 4U);
  EXPECT_EQ(document["hidden"], 5);
}

TEST(MisroutesJson, EscapesWhatClientsSay) {
  MisrouteTable table;
  table.note(key("\x1b[2J<script>\"\xff\r\n"), "h", 1, at(1), 10);
  const std::string text = misroutes_json({"x"}, table.rows(), 0, 10);
  EXPECT_EQ(text.find('\x1b'), std::string::npos);
  EXPECT_EQ(text.find('\xff'), std::string::npos);
  EXPECT_EQ(json::parse(text)["rows"][0]["user_agent"], R"(\x1b[2J<script>"\xff\x0d\x0a)");
}

TEST(MisroutesJson, SaysThatItIsOff) {
  EXPECT_EQ(json::parse(misroutes_json({}, {}, 0, 10))["enabled"], false);
}

}  // namespace
}  // namespace watch
