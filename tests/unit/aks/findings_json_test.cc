#include "aks/findings_json.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <set>

#include "aks/rules.h"

namespace aks {
namespace {

using nlohmann::json;

const std::vector<Finding> kFindings = {
    {Severity::kError, "proxy-scheme", "$.httpProxy", "a sentence", "\"http://p:1\"", 2, 9},
    {Severity::kNote, "config-yaml", "$", "another"},
};

TEST(FindingsJson, HasEverythingAndNullForWhatIsNotKnown) {
  const json out = json::parse(findings_json("a.json", kFindings));
  EXPECT_EQ(out["file"], "a.json");
  EXPECT_EQ(out["errors"], 1);
  EXPECT_EQ(out["warnings"], 0);
  EXPECT_EQ(out["notes"], 1);
  const json& first = out["findings"][0];
  EXPECT_EQ(first["line"], 2);
  EXPECT_EQ(first["column"], 9);
  EXPECT_EQ(first["fix"], "\"http://p:1\"");
  EXPECT_EQ(first["service_error"], "HTTPProxyWrongUrlError");
  const json& second = out["findings"][1];
  for (const char* key : {"line", "column", "fix", "service_error"})
    EXPECT_TRUE(second[key].is_null());
}

// The properties that the schema of SARIF 2.1.0 requires, and the values that it restricts.
TEST(FindingsSarif, KeepsToTheSchema) {
  const json log =
      json::parse(findings_sarif("a b.json", "x\n\xc3\xbc      y", kFindings, "1.2.3"));
  EXPECT_EQ(log.at("version"), "2.1.0");
  ASSERT_EQ(log.at("runs").size(), 1U);
  const json& run = log["runs"][0];
  const json& driver = run.at("tool").at("driver");
  EXPECT_TRUE(driver.at("name").is_string());
  EXPECT_EQ(driver.at("version"), "1.2.3");
  std::set<std::string> ids;
  for (const json& rule : driver.at("rules")) {
    EXPECT_TRUE(rule.at("shortDescription").at("text").is_string());
    EXPECT_TRUE(ids.insert(rule.at("id")).second) << "ids are unique";
  }
  EXPECT_EQ(run.at("columnKind"), "unicodeCodePoints");
  ASSERT_EQ(run.at("results").size(), 2U);
  for (const json& result : run["results"]) {
    EXPECT_TRUE(result.at("message").at("text").is_string());
    EXPECT_TRUE((std::set<std::string>{"none", "note", "warning", "error"})
                    .contains(result.at("level").get<std::string>()));
    EXPECT_EQ(driver["rules"][result.at("ruleIndex").get<size_t>()]["id"], result.at("ruleId"));
    for (const json& location : result.at("locations")) {
      const json& physical = location.at("physicalLocation");
      EXPECT_EQ(physical.at("artifactLocation").at("uri"), "a%20b.json");
      if (physical.contains("region")) {
        EXPECT_GE(physical["region"].at("startLine"), 1);
        EXPECT_GE(physical["region"].at("startColumn"), 1);
      }
    }
  }
  EXPECT_EQ(run["results"][0]["locations"][0]["physicalLocation"]["region"]["startColumn"], 8)
      << "columns count code points, and ü is one";
}

TEST(FindingsSarif, IsWellFormedForAnyFileName) {
  const std::string text = findings_sarif("\xff\n\"", "", kFindings, "1");
  EXPECT_TRUE(json::accept(text));
}

}  // namespace
}  // namespace aks
