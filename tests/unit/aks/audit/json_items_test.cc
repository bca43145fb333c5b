#include "aks/audit/json_items.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

namespace aks::audit {
namespace {

using nlohmann::json;

struct Read {
  std::vector<json> items;
  json rest;
  std::string problem;
};

Read read(std::string_view text) {
  Read out;
  const auto rest = read_items(text, [&out](const json& item) { out.items.push_back(item); });
  if (rest) {
    out.rest = *rest;
  } else {
    out.problem = rest.error().detail;
  }
  return out;
}

TEST(JsonItems, AreHandedOverOneByOneAndTheRestStays) {
  const Read got = read(R"({"apiVersion": "v1", "items": [{"a": {"items": [1, {"b": 2}]}}, {}],
                            "kind": "List"})");
  ASSERT_EQ(got.items.size(), 2U);
  EXPECT_EQ(got.items[0], json::parse(R"({"a": {"items": [1, {"b": 2}]}})"));
  EXPECT_EQ(got.items[1], json::object());
  EXPECT_EQ(got.rest, json::parse(R"({"apiVersion": "v1", "items": [], "kind": "List"})"));
}

TEST(JsonItems, ASingleObjectIsTheRest) {
  const Read got = read(R"({"kind": "Pod", "spec": {"items": [{"a": 1}]}})");
  EXPECT_TRUE(got.items.empty());
  EXPECT_EQ(got.rest["spec"]["items"][0]["a"], 1);
}

TEST(JsonItems, EveryCutIsFoundOut) {
  const std::string whole = R"({"items": [{"name": "a\u00e9", "n": [1.5, -2, true, null]}]})";
  ASSERT_EQ(read(whole).items.size(), 1U);
  for (size_t octets = 1; octets < whole.size(); ++octets) {
    EXPECT_NE(read(whole.substr(0, octets)).problem, "") << octets;
  }
  EXPECT_EQ(read(R"({"items": [{"a")").problem, "the JSON ends in the middle");
}

TEST(JsonItems, RefuseWhatIsNoObject) {
  for (const char* text : {"", "[]", "1", "\"items\"", "{\"items\": [}", "{} {}"}) {
    EXPECT_NE(read(text).problem, "") << text;
  }
}

TEST(JsonItems, LimitsHoldForEachItemAndNotForAllTogether) {
  const std::string deep(kMaxItemDepth, '[');
  EXPECT_NE(read("{\"a\":" + deep).problem.find("deeper than 64"), std::string::npos);
  std::string many = "[0";
  for (size_t i = 1; i < kMaxItemValues / 2; ++i) many += ",0";
  many += "]";
  const std::string item = "{\"a\":" + many + "}";
  EXPECT_EQ(read("{\"items\":[" + item + "," + item + "," + item + "]}").problem, "");
  EXPECT_NE(read("{\"items\":[{\"a\":" + many + ",\"b\":" + many + "}]}").problem.find("values"),
            std::string::npos);
}

TEST(JsonItems, ScalarsAmongThemAreSteppedOver) {
  EXPECT_EQ(read(R"({"items": [1, {"a": 1}, "x", [], null]})").items.size(), 2U);
}

}  // namespace
}  // namespace aks::audit
