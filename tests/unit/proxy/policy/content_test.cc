// Rules that judge what is sent inside, and what they make of the CONNECT around it.
#include <gtest/gtest.h>

#include <string>

#include "proxy/policy/engine.h"
#include "tests/unit/proxy/policy/policy_values.h"

namespace proxy::policy {
namespace {

using config::Connect;

config::Rule about(config::Rule rule, std::vector<std::string> methods,
                   std::vector<std::string> paths = {}) {
  rule.hosts = {"example.com"};
  rule.methods = std::move(methods);
  rule.paths = std::move(paths);
  return rule;
}

Decision connect(const Engine& rules, std::string_view identity = {}) {
  const http::Authority target = authority("example.com");
  return rules.before_dns({ip("10.1.2.3"), Kind::kConnect, target, identity});
}

// The rule that decides on a request.
std::string inside(const Engine& rules, std::string_view method, std::string_view path,
                   Kind kind = Kind::kInspected) {
  const http::Authority target = authority("example.com");
  return std::string(rules.before_dns({ip("10.1.2.3"), kind, target, {}, method, path}).rule);
}

TEST(PolicyContent, ADenyRuleIsPassedOverByAConnectAndHasItInspected) {
  const Engine rules = engine(policy({about(deny("no-posts"), {"POST"})}));
  const Decision decision = connect(rules);
  EXPECT_EQ(decision.verdict, Verdict::kAllow);
  EXPECT_EQ(decision.rule, "default");
  EXPECT_EQ(decision.connect, Connect::kInspect);
  EXPECT_EQ(decision.inspect_for, "no-posts");
  EXPECT_EQ(inside(rules, "POST", "/"), "no-posts");
  EXPECT_EQ(inside(rules, "GET", "/"), "default");
}

TEST(PolicyContent, AnAllowRuleLetsAConnectInToBeInspected) {
  const Engine rules =
      engine(policy({about(allow("api"), {"GET"}, {"/api"})}, config::Action::kDeny));
  const Decision decision = connect(rules);
  EXPECT_EQ(decision.rule, "api");
  EXPECT_EQ(decision.connect, Connect::kInspect);
  EXPECT_EQ(decision.inspect_for, "api");
  EXPECT_EQ(inside(rules, "GET", "/api/v1?x"), "api");
  EXPECT_EQ(inside(rules, "GET", "/other"), "default");
  EXPECT_EQ(inside(rules, "PUT", "/api"), "default");
}

TEST(PolicyContent, SuggestsToAllowNoMoreThanTheMethod) {
  const Engine rules = engine(policy({about(deny("no-posts"), {"POST"})}));
  const http::Authority target = authority("example.com");
  const Decision denied =
      rules.before_dns({ip("10.1.2.3"), Kind::kInspected, target, {}, "POST", "/"});
  EXPECT_EQ(denied.reason, "the rule \"no-posts\" denies POST to example.com:443");
  EXPECT_EQ(denied.next_step,
            "to allow it, add a rule with action allow and hosts [\"example.com\"] and methods "
            "[\"POST\"] before \"no-posts\" in policy.rules");
}

TEST(PolicyContent, HoldsForPlainHttpAsWell) {
  const Engine rules = engine(policy({about(deny("no-posts"), {"POST"})}));
  EXPECT_EQ(inside(rules, "POST", "/", Kind::kForward), "no-posts");
}

TEST(PolicyContent, ADeniedPathHoldsInEveryDisguise) {
  const Engine rules = engine(policy({about(deny("secret"), {}, {"/secret"})}));
  for (const char* path : {"/secret", "/secret/a", "/x/../secret", "/%73ecret", "/./secret?q",
                           "/x%2f..%2fsecret", "//secret", "/secret%", "/a\\b", "*"}) {
    EXPECT_EQ(inside(rules, "GET", path), "secret") << path;
  }
  EXPECT_EQ(inside(rules, "GET", "/secrets"), "default");
}

TEST(PolicyContent, AnAllowedPathHoldsInNone) {
  const Engine rules = engine(policy({about(allow("ok"), {}, {"/ok"})}, config::Action::kDeny));
  for (const char* path : {"/ok/../x", "/ok%2f..%2fx", "//ok", "/ok%"}) {
    EXPECT_EQ(inside(rules, "GET", path), "default") << path;
  }
}

TEST(PolicyContent, AConnectDoesWhatItsRuleSays) {
  config::Rule rule = with_hosts(allow("inspected"), {"example.com"});
  rule.connect = Connect::kInspect;
  EXPECT_EQ(connect(engine(policy({rule}))).connect, Connect::kInspect);
  rule.connect = Connect::kDefault;
  EXPECT_EQ(connect(engine(policy({rule}))).connect, Connect::kTunnel);
  const Engine peeking(policy({rule}), {}, {}, Connect::kPeek);
  EXPECT_EQ(connect(peeking).connect, Connect::kPeek);
  EXPECT_EQ(connect(peeking).inspect_for, "");
}

TEST(PolicyContent, IdentitiesMatchExactly) {
  config::Rule rule = with_hosts(allow("runner"), {"example.com"});
  rule.identities = {"spiffe://lab/runner"};
  const Engine rules = engine(policy({rule}, config::Action::kDeny));
  EXPECT_EQ(connect(rules, "spiffe://lab/runner").rule, "runner");
  EXPECT_EQ(connect(rules, "spiffe://lab/runner2").rule, "default");
  EXPECT_EQ(connect(rules).rule, "default");
}

}  // namespace
}  // namespace proxy::policy
