#include "config/load.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/config/messages.h"

namespace config {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using namespace std::chrono_literals;

TEST(Load, EmptyTextGivesTheDefaults) {
  for (const char* text : {"", "\n", "# nothing\n", "---\n", "timeouts:\npolicy:\n"}) {
    const Loaded loaded = load_text(text, "sluice.yaml");
    EXPECT_THAT(loaded.problems, IsEmpty()) << text;
    EXPECT_EQ(loaded.config, Config{}) << text;
  }
}

TEST(Load, ReadsEveryKindOfKey) {
  const Loaded loaded = load_text(R"(
workers: 3
listen: ["0.0.0.0:3128", "[::1]:0"]
log_level: debug
policy:
  default_action: deny
  connect_ports: [443]
  clients: [10.1.0.0/16, 192.0.2.7]
  allow_metadata: false
  rules:
    - name: mirrors
      action: allow
      hosts: [.Ubuntu.com., "*.debian.org"]
      ports: [80, 443]
dns:
  servers: [10.0.0.10, "[fd00::53]:5353"]
  hosts:
    - {name: Registry.example.com., addresses: [10.0.0.4, fd00::4]}
timeouts: {idle: 90s, total: 0}
limits: {head_bytes: 128KiB, body_bytes: 1000, sessions: 7}
access_log: {path: /var/log/a, format: squid}
admin: {listen: "127.0.0.1:9000"}
)",
                                  "sluice.yaml");
  EXPECT_THAT(sentences(loaded.problems), IsEmpty());
  const Config& c = loaded.config;
  EXPECT_EQ(c.workers, 3U);
  ASSERT_EQ(c.listen.size(), 2U);
  EXPECT_EQ(c.listen[1].endpoint.to_string(), "[::1]:0");
  EXPECT_EQ(c.log_level, LogLevel::kDebug);
  EXPECT_EQ(c.policy.default_action, Action::kDeny);
  ASSERT_EQ(c.policy.clients.size(), 2U);
  EXPECT_EQ(c.policy.clients[1].to_string(), "192.0.2.7/32");
  ASSERT_EQ(c.policy.rules.size(), 1U);
  EXPECT_EQ(c.policy.rules[0].action, Action::kAllow);
  EXPECT_THAT(c.policy.rules[0].hosts, ElementsAre(".ubuntu.com", "*.debian.org"));
  EXPECT_THAT(c.policy.rules[0].ports, ElementsAre(80, 443));
  ASSERT_EQ(c.dns.servers.size(), 2U);
  EXPECT_EQ(c.dns.servers[0].to_string(), "10.0.0.10:53");
  EXPECT_EQ(c.dns.servers[1].to_string(), "[fd00::53]:5353");
  ASSERT_EQ(c.dns.hosts.size(), 1U);
  EXPECT_EQ(c.dns.hosts[0].name, "registry.example.com");
  EXPECT_EQ(c.dns.hosts[0].addresses.size(), 2U);
  EXPECT_EQ(c.timeouts.idle, 90s);
  EXPECT_EQ(c.timeouts.total, 0ms);
  EXPECT_EQ(c.limits.head_bytes, 128U * 1024);
  EXPECT_EQ(c.limits.body_bytes, 1000U);
  EXPECT_EQ(c.limits.sessions, 7U);
  EXPECT_EQ(c.access_log.path, "/var/log/a");
  EXPECT_EQ(c.access_log.format, LogFormat::kSquid);
  EXPECT_EQ(c.admin.listen->port, 9000);
}

TEST(Load, ReportsEveryProblemInOneGoByLine) {
  EXPECT_THAT(
      problems_of(R"(workers: none
timeouts:
  idel: 5s
  idle: 5x
  head: 20s
  head: 30s
limits: [1]
policy:
  rules:
    - action: allow
      hosts: [x.example]
)"),
      ElementsAre("sluice.yaml:1: workers is \"none\"; expected auto or a number from 1 to 1024",
                  "sluice.yaml:3: timeouts.idel is not a known key; did you mean timeouts.idle?",
                  "sluice.yaml:4: timeouts.idle is \"5x\"; expected a duration such as \"5s\" or "
                  "\"2m\"",
                  "sluice.yaml:6: timeouts.head is given twice, first in line 5; remove one",
                  "sluice.yaml:7: limits is a list; expected keys below it",
                  "sluice.yaml:10: policy.rules[0] has no name; add one such as \"name: "
                  "package-mirrors\""));
}

TEST(Load, NamesLineColumnAndKey) {
  const Loaded loaded = load_text("timeouts:\n  idle: 5x\n", "a.yaml");
  ASSERT_EQ(loaded.problems.size(), 1U);
  EXPECT_EQ(loaded.problems[0].line, 2);
  EXPECT_EQ(loaded.problems[0].column, 9);
  EXPECT_EQ(loaded.problems[0].key, "timeouts.idle");
}

TEST(Load, OffSwitchesAdminAndAccessLogOff) {
  const Loaded loaded = load_text("admin: off\naccess_log: off\n", "sluice.yaml");
  EXPECT_THAT(loaded.problems, IsEmpty());
  EXPECT_FALSE(loaded.config.admin.listen);
  EXPECT_EQ(loaded.config.access_log.path, "");
  EXPECT_THAT(problems_of("limits: off\n"),
              ElementsAre("sluice.yaml:1: limits is \"off\"; expected keys below it"));
}

TEST(Load, WrongShapesAreNamed) {
  EXPECT_THAT(
      problems_of("listen: 0.0.0.0:3128\nvia: {a: b}\nworkers:\ndns: {servers: }\n"),
      ElementsAre("sluice.yaml:1: listen is \"0.0.0.0:3128\"; expected a list such as "
                  "[\"0.0.0.0:3128\", \"[::]:3128\"]",
                  "sluice.yaml:2: via is a mapping; expected a single value such as sluice; quote "
                  "text that has [ or { in it",
                  "sluice.yaml:3: workers is empty; give it a value such as 4 or remove the key",
                  "sluice.yaml:4: dns.servers is empty; expected a list such as "
                  "[\"168.63.129.16\"], [] for none, or no such key"));
  EXPECT_THAT(problems_of("hello"), ElementsAre(HasSubstr("the configuration is \"hello\"")));
}

TEST(Load, ConsequencesOfAProblemAreNotReported) {
  EXPECT_THAT(problems_of("policy:\n  rules:\n    - {name: a, action: deny, hosts: [a_*]}\n"
                          "    - {name: b, action: deny}\n"),
              ElementsAre(HasSubstr("policy.rules[0].hosts[0]")));
}

TEST(Load, StopsAfterAHundredProblems) {
  std::string text = "policy:\n  connect_ports:\n";
  for (int i = 0; i < 500; ++i) text += "    - 0\n";
  const auto problems = problems_of(text);
  EXPECT_EQ(problems.size(), 101U);
  EXPECT_EQ(problems.back(), "sluice.yaml: there may be more problems than those shown");
}

TEST(Load, ValuesInMessagesAreEscapedAndCut) {
  const auto problems = problems_of("via: \"\\e[31m" + std::string(500, 'a') + "\"\n");
  ASSERT_EQ(problems.size(), 1U);
  EXPECT_THAT(problems[0], HasSubstr("\\x1b[31m"));
  EXPECT_LT(problems[0].size(), 250U);
}

TEST(Load, TextIsUtf8) {
  EXPECT_THAT(problems_of("access_log: {path: /log/K\xc3\xb6ln}\n"), IsEmpty());
  // The same name in ISO 8859-1, a surrogate, and a sequence that ends too soon.
  for (const std::string octets : {"K\xf6ln", "\xed\xa0\x80", "K\xc3"}) {
    EXPECT_THAT(problems_of("workers: 2\naccess_log:\n  path: /log/" + octets + "\n"),
                ElementsAre(AllOf(HasSubstr("sluice.yaml:3: access_log.path is \"/log/"),
                                  HasSubstr("; expected text encoded in UTF-8"))));
  }
}

TEST(LoadFile, FailsWhenTheFileCannotBeRead) {
  const auto missing = load_file("/nonexistent/sluice.yaml");
  ASSERT_FALSE(missing);
  EXPECT_THAT(missing.error().detail, HasSubstr("/nonexistent/sluice.yaml can't be read (ENOENT"));
  const auto folder = load_file("/");
  ASSERT_FALSE(folder);
  EXPECT_THAT(folder.error().detail, HasSubstr("EISDIR"));
}

TEST(LoadFile, RefusesEndlessFiles) {
  const auto loaded = load_file("/dev/zero");
  ASSERT_TRUE(loaded);
  EXPECT_THAT(sentences(loaded->problems), ElementsAre(HasSubstr("longer than 1 MiB")));
}

}  // namespace
}  // namespace config
