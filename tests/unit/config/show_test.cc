#include "config/show.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "tests/unit/config/messages.h"

namespace config {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;

constexpr const char* kFull = R"(workers: 2
listen: ["0.0.0.0:3128", "[::]:0"]
via: "null"
policy:
  clients: [10.0.0.0/8, fd00::/8]
  rules:
    - {name: "007", action: allow, hosts: ["*.a.de", .b.de, c.de], addresses: [10.1.0.0/16]}
    - {name: "true", action: deny, ports: [1, 65535], sources: [10.2.0.0/16]}
dns:
  hosts: [{name: a.de, addresses: [10.0.0.1, fd00::1]}]
timeouts: {idle: 90s, total: 12h}
limits: {head_bytes: 100000, sessions: 10}
access_log: {path: "/var/log/a: b #c\"d", format: text}
admin: off
)";

TEST(Show, TellsWhatAProfileStandsForAsComments) {
  Loaded loaded = load_text("policy: {profile: aks:westeurope}\n", "sluice.yaml");
  Rule rule;
  rule.name = "aks:core:mcr.microsoft.com";
  rule.hosts = {"mcr.microsoft.com"};
  rule.ports = {443};
  loaded.config.policy.profile_rules = {rule};
  const std::string shown = show_effective(loaded.config, loaded.sources);
  EXPECT_THAT(shown, HasSubstr("#   aks:core:mcr.microsoft.com  hosts [\"mcr.microsoft.com\"]  "
                               "ports [443]\n"));
  EXPECT_THAT(sentences(load_text(shown, "shown.yaml").problems), IsEmpty());
  const auto document = nlohmann::json::parse(show_json(loaded.config, loaded.sources));
  EXPECT_EQ(document["profile_rules"][0]["ports"], nlohmann::json({443}));
}

TEST(Show, LoadsAgainAsTheSameConfig) {
  for (const char* yaml : {"", kFull}) {
    const Loaded loaded = load_text(yaml, "sluice.yaml");
    ASSERT_THAT(sentences(loaded.problems), IsEmpty());
    const std::string shown = show_effective(loaded.config, loaded.sources);
    const Loaded again = load_text(shown, "shown.yaml");
    EXPECT_THAT(sentences(again.problems), IsEmpty()) << shown;
    EXPECT_EQ(again.config, loaded.config) << shown;
  }
}

TEST(Show, QuotesWordsThatAReaderWouldNotTakeForText) {
  for (const std::string word : {"null", "Null", "NULL", "nULL", "True", "NO", "Off", "y", "~"}) {
    const Loaded loaded = load_text("via: \"" + word + "\"\n", "sluice.yaml");
    const std::string shown = show_changed(loaded.config, loaded.sources);
    EXPECT_EQ(load_text(shown, "shown.yaml").config.via, word);
    EXPECT_THAT(shown, testing::Not(HasSubstr("via: " + word))) << word;
  }
}

TEST(Show, TheJsonLoadsAgainToo) {
  const Loaded loaded = load_text(kFull, "sluice.yaml");
  const auto json = nlohmann::json::parse(show_json(loaded.config, loaded.sources));
  EXPECT_EQ(load_text(json["config"].dump(), "shown.json").config, loaded.config);
  EXPECT_EQ(json["sources"]["timeouts.idle"], "sluice.yaml:11");
  EXPECT_EQ(json["sources"]["timeouts.head"], "default");
}

TEST(Show, SaysWhereEveryValueCameFrom) {
  const Loaded loaded = load_text(kFull, "sluice.yaml");
  const std::string shown = show_effective(loaded.config, loaded.sources);
  EXPECT_THAT(shown, HasSubstr("workers: 2  # sluice.yaml:1\n"));
  EXPECT_THAT(shown, HasSubstr("  idle: 90s  # sluice.yaml:11\n"));
  EXPECT_THAT(shown, HasSubstr("  head: 10s  # default\n"));
  EXPECT_THAT(shown, HasSubstr("  listen: \"off\"  # sluice.yaml:14\n"));
}

TEST(Show, MasksTheToken) {
  const Loaded loaded = load_text("admin: {token: 0123456789abcdef}\n", "sluice.yaml");
  const std::string shown = show_effective(loaded.config, loaded.sources);
  EXPECT_THAT(shown, HasSubstr("token: \"<set>\""));
  EXPECT_THAT(shown, testing::Not(HasSubstr("0123456789abcdef")));
  EXPECT_THAT(sentences(load_text(shown, "shown.yaml").problems),
              testing::ElementsAre(HasSubstr("prints instead of a secret")));
}

TEST(Show, ChangedLeavesOutDefaults) {
  const Loaded loaded = load_text("timeouts: {idle: 90s}\n", "sluice.yaml");
  EXPECT_EQ(show_changed(loaded.config, loaded.sources),
            "\ntimeouts:\n  idle: 90s  # sluice.yaml:1\n");
  EXPECT_EQ(show_changed(Config{}, {}), "");
}

TEST(Show, ProblemsAsJsonSurviveAnyText) {
  const auto json = nlohmann::json::parse(
      problems_json("a.yaml", load_text("via: \"\\x80\\x01\"\n", "\xff.yaml").problems));
  EXPECT_EQ(json["valid"], false);
  EXPECT_EQ(json["problems"][0]["key"], "via");
  EXPECT_EQ(json["problems"][0]["line"], 1);
  EXPECT_EQ(json["problems"][0]["severity"], "error");
}

}  // namespace
}  // namespace config
