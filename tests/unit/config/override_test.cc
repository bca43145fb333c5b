#include "config/override.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/config/messages.h"

namespace config {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using namespace std::chrono_literals;

Loaded load_with(std::string_view yaml, const std::vector<std::string>& sets,
                 const std::vector<std::string>& environment) {
  Overrides overrides;
  for (const std::string& set : sets) add_set_flag(overrides, set);
  add_environment(overrides, environment);
  put_flags_last(overrides);
  return load_text(yaml, "sluice.yaml", overrides);
}

TEST(Override, FlagsBeatTheEnvironmentWhichBeatsTheFile) {
  const char* yaml = "timeouts: {idle: 1s, head: 1s, connect: 1s}\n";
  const Loaded loaded = load_with(yaml, {"timeouts.idle=2s", "timeouts.head=2s"},
                                  {"SLUICE_TIMEOUTS__IDLE=3s", "SLUICE_TIMEOUTS__HEAD=2s",
                                   "SLUICE_TIMEOUTS__DRAIN=4s", "HOME=/root"});
  EXPECT_THAT(sentences(loaded.problems),
              ElementsAre("SLUICE_TIMEOUTS__IDLE: warning: timeouts.idle is set otherwise by --set "
                          "timeouts.idle, which counts: flags beat the environment; unset one of "
                          "the two"));
  EXPECT_EQ(loaded.config.timeouts.idle, 2s);
  EXPECT_EQ(loaded.config.timeouts.head, 2s);
  EXPECT_EQ(loaded.config.timeouts.connect, 1s);
  EXPECT_EQ(to_string(origin_of(loaded.sources, "timeouts.idle")), "flag --set timeouts.idle");
  EXPECT_EQ(to_string(origin_of(loaded.sources, "timeouts.drain")),
            "environment SLUICE_TIMEOUTS__DRAIN");
  EXPECT_EQ(to_string(origin_of(loaded.sources, "timeouts.connect")), "sluice.yaml:1");
  EXPECT_EQ(to_string(origin_of(loaded.sources, "timeouts.response_head")), "default");
}

TEST(Override, ListsAreWrittenWithCommasAndReplaceTheFiles) {
  const Loaded loaded =
      load_with("listen: [127.0.0.1:1, 127.0.0.1:2, 127.0.0.1:2]\n", {},
                {"SLUICE_LISTEN=0.0.0.0:3128, [::]:3128", "SLUICE_POLICY__CONNECT_PORTS="});
  EXPECT_THAT(sentences(loaded.problems), IsEmpty());
  ASSERT_EQ(loaded.config.listen.size(), 2U);
  EXPECT_EQ(loaded.config.listen[1].endpoint.to_string(), "[::]:3128");
  EXPECT_THAT(loaded.config.policy.connect_ports, IsEmpty());
  EXPECT_FALSE(loaded.sources.contains("listen[2]"));
}

TEST(Override, RecordsAreWrittenAsYaml) {
  const Loaded loaded =
      load_with("", {"policy.rules=[{name: a, action: allow, hosts: [\"*.x.de\"]}]"}, {});
  EXPECT_THAT(sentences(loaded.problems), IsEmpty());
  ASSERT_EQ(loaded.config.policy.rules.size(), 1U);
  EXPECT_THAT(loaded.config.policy.rules[0].hosts, ElementsAre("*.x.de"));
}

TEST(Override, SectionsMayBeOff) {
  const Loaded loaded = load_with("", {"access_log=off"}, {"SLUICE_ADMIN=off"});
  EXPECT_THAT(sentences(loaded.problems), IsEmpty());
  EXPECT_FALSE(loaded.config.admin.listen);
  EXPECT_EQ(loaded.config.access_log.path, "");
}

TEST(Override, ProblemsNameTheFlagOrVariable) {
  const Loaded loaded =
      load_with("", {"timeouts.idel=5s", "nonsense", "policy.rules=[}", "listen=1"},
                {"SLUICE_WORKERS=x", "SLUICE_ACCESS_LOG__PATH=\xff"});
  EXPECT_THAT(
      sentences(loaded.problems),
      ElementsAre("--set: \"nonsense\" has no key and value; write --set key=value, as in --set "
                  "timeouts.idle=30s",
                  "SLUICE_ACCESS_LOG__PATH: access_log.path is \"\\xff\"; expected text encoded "
                  "in UTF-8",
                  "SLUICE_WORKERS: workers is \"x\"; expected auto or a number from 1 to 1024",
                  "--set timeouts.idel: timeouts.idel is not a known key; did you mean "
                  "timeouts.idle?",
                  HasSubstr("--set policy.rules: policy.rules: not valid YAML"),
                  HasSubstr("--set listen: listen[0] is \"1\"; expected an address and a port")));
}

TEST(Override, ChecksBetweenKeysLookAtTheResult) {
  const Loaded loaded =
      load_with("admin: {listen: 0.0.0.0:3129}\n", {}, {"SLUICE_ADMIN__TOKEN=0123456789abcdef"});
  EXPECT_THAT(sentences(loaded.problems), IsEmpty());
  EXPECT_THAT(sentences(load_with("", {"admin.listen=0.0.0.0:3129"}, {}).problems),
              ElementsAre(HasSubstr("--set admin.listen: admin.listen is \"0.0.0.0:3129\"")));
}

TEST(Override, SecretsAreNotRepeated) {
  const Loaded loaded = load_with("", {"admin.token=hunter2"}, {"SLUICE_ADMIN__TOKEN=hunter2"});
  ASSERT_EQ(loaded.problems.size(), 2U);
  for (const std::string& sentence : sentences(loaded.problems)) {
    EXPECT_THAT(sentence, testing::Not(HasSubstr("hunter2")));
  }
}

TEST(Environment, UnknownVariablesAreWarningsWithASuggestion) {
  const Loaded loaded = load_with("", {}, {"SLUICE_TIMEOUT__IDLE=5s", "SLUICE_QQQQQQQQ=1"});
  EXPECT_FALSE(has_errors(loaded.problems));
  EXPECT_THAT(sentences(loaded.problems),
              ElementsAre("SLUICE_QQQQQQQQ: warning: this environment variable sets no key and is "
                          "ignored",
                          "SLUICE_TIMEOUT__IDLE: warning: this environment variable sets no key "
                          "and is ignored; did you mean SLUICE_TIMEOUTS__IDLE?"));
}

TEST(Environment, IgnoresWhatKubernetesSetsForAServiceNamedSluice) {
  const Loaded loaded = load_with(
      "", {},
      {"SLUICE_SERVICE_HOST=10.0.0.1", "SLUICE_SERVICE_PORT=3128", "SLUICE_SERVICE_PORT_PROXY=3128",
       "SLUICE_PORT=tcp://10.0.0.1:3128", "SLUICE_PORT_3128_TCP=tcp://10.0.0.1:3128",
       "SLUICE_PORT_3128_TCP_ADDR=10.0.0.1", "SLUICE_ADMIN_PORT=tcp://10.0.0.1:3129"});
  EXPECT_THAT(sentences(loaded.problems), IsEmpty());
  EXPECT_EQ(loaded.config, Config{});
}

}  // namespace
}  // namespace config
