#include "proxy/policy/engine.h"

#include <gtest/gtest.h>

#include "tests/unit/proxy/policy/policy_values.h"

namespace proxy::policy {
namespace {

using base::ErrorCode;
using config::Action;

TEST(PolicyEngine, AllowsByDefault) {
  const Decision decision = ask(engine(policy({})), authority("example.com"));
  EXPECT_EQ(decision.verdict, Verdict::kAllow);
  EXPECT_EQ(decision.rule, "default");
  EXPECT_TRUE(decision.reason.empty());
}

TEST(PolicyEngine, DeniesByDefaultWhenToldSo) {
  const Decision decision = ask(engine(policy({}, Action::kDeny)), authority("example.com"));
  EXPECT_EQ(decision.verdict, Verdict::kDeny);
  EXPECT_EQ(decision.rule, "default");
  EXPECT_EQ(decision.code, ErrorCode::kDenied);
  EXPECT_EQ(decision.reason, "no rule allows example.com:443 and policy.default_action is deny");
  EXPECT_EQ(
      decision.next_step,
      "to allow it, add a rule with action allow and hosts [\"example.com\"] to policy.rules");
}

TEST(PolicyEngine, LetsTheFirstMatchingRuleDecide) {
  const Engine rules = engine(policy({with_hosts(allow("mail"), {"mail.example.com"}),
                                      with_hosts(deny("rest"), {".example.com"}),
                                      with_hosts(allow("late"), {"www.example.com"})}));
  EXPECT_EQ(ask(rules, authority("mail.example.com")).rule, "mail");
  const Decision denied = ask(rules, authority("www.example.com"));
  EXPECT_EQ(denied.verdict, Verdict::kDeny);
  EXPECT_EQ(denied.reason, "the rule \"rest\" denies www.example.com:443");
  EXPECT_EQ(denied.next_step,
            "to allow it, add a rule with action allow and hosts [\"www.example.com\"] before "
            "\"rest\" in policy.rules");
}

struct PatternCase {
  const char* pattern;
  const char* host;
  bool matches;
};

TEST(PolicyEngine, MatchesHostPatterns) {
  constexpr PatternCase kCases[] = {
      {"example.com", "example.com", true},
      {"example.com", "www.example.com", false},
      {"example.com", "example.com.au", false},
      {".example.com", "example.com", true},
      {".example.com", "a.example.com", true},
      {".example.com", "a.b.example.com", true},
      {".example.com", "badexample.com", false},
      {"*.example.com", "example.com", false},
      {"*.example.com", "a.example.com", true},
      {"*.example.com", "a.b.example.com", true},
      {"*.example.com", "aexample.com", false},
      {".com", "example.com", true},
      {"com", "example.com", false},
      {"EXAMPLE.com", "example.com", true},
      {".0.0.1", "10.0.0.1", false},
      {"10.0.0.1", "10.0.0.1", true},
      {"2001:db8::1", "2001:db8::1", true},
  };
  for (const PatternCase& c : kCases) {
    const Engine rules = engine(policy({with_hosts(deny("it"), {c.pattern})}));
    EXPECT_EQ(ask(rules, authority(c.host)).rule == "it", c.matches) << c.pattern << " " << c.host;
  }
}

TEST(PolicyEngine, WantsEveryConditionOfARule) {
  config::Rule rule = with_hosts(deny("all"), {"example.com"});
  rule = with_sources(with_ports(rule, {443}), {"10.1.0.0/16"});
  const Engine rules = engine(policy({rule}));
  const auto target = authority("example.com");
  const auto other_port = authority("example.com", 80);
  EXPECT_EQ(ask(rules, target).rule, "all");
  EXPECT_EQ(ask(rules, target, Kind::kForward).rule, "all");
  EXPECT_EQ(ask(rules, target, Kind::kConnect, "::ffff:10.1.9.9").rule, "all");
  EXPECT_EQ(ask(rules, other_port).rule, "default");
  EXPECT_EQ(ask(rules, target, Kind::kConnect, "10.2.0.1").rule, "default");
}

TEST(PolicyEngine, NeedsTheAddressWhenARuleWithAddressesStandsBefore) {
  const Engine rules = engine(policy({with_addresses(deny("bad-net"), {"8.8.8.0/24"}),
                                      with_hosts(allow("site"), {"example.com"})}));
  const auto target = authority("example.com");
  EXPECT_EQ(ask(rules, target).verdict, Verdict::kNeedsAddress);
  EXPECT_EQ(ask_address(rules, target, "8.8.8.8").rule, "bad-net");
  EXPECT_EQ(ask_address(rules, target, "9.9.9.9").rule, "site");
}

TEST(PolicyEngine, DoesNotNeedTheAddressBehindADefiniteRule) {
  const Engine rules = engine(policy({with_hosts(allow("site"), {"example.com"}),
                                      with_addresses(deny("bad-net"), {"8.8.8.0/24"})}));
  EXPECT_EQ(ask(rules, authority("example.com")).verdict, Verdict::kAllow);
  EXPECT_EQ(ask(rules, authority("other.com")).verdict, Verdict::kNeedsAddress);
}

TEST(PolicyEngine, DeniesWithoutDnsWhenEveryWayEndsInADenial) {
  const Engine rules =
      engine(policy({with_addresses(deny("bad-net"), {"8.8.8.0/24"})}, Action::kDeny));
  EXPECT_EQ(ask(rules, authority("example.com")).verdict, Verdict::kDeny);
  const Engine mixed = engine(policy({with_addresses(deny("bad-net"), {"8.8.8.0/24"}),
                                      with_addresses(allow("lan"), {"10.0.0.0/8"})},
                                     Action::kDeny));
  EXPECT_EQ(ask(mixed, authority("example.com")).verdict, Verdict::kNeedsAddress);
  // The port would be refused whatever the address.
  EXPECT_EQ(ask(mixed, authority("example.com", 25)).verdict, Verdict::kDeny);
}

TEST(PolicyEngine, DecidesLiteralsBeforeDns) {
  const Engine rules = engine(policy(
      {with_addresses(deny("bad-net"), {"8.8.8.0/24"}), with_hosts(allow("names"), {".com"})},
      Action::kDeny));
  EXPECT_EQ(ask(rules, authority("8.8.8.8")).rule, "bad-net");
  const Decision other = ask(rules, authority("9.9.9.9"));
  EXPECT_EQ(other.rule, "default");
  EXPECT_EQ(
      other.next_step,
      "to allow it, add a rule with action allow and addresses [\"9.9.9.9\"] to policy.rules");
}

TEST(PolicyEngine, RefusesConnectToOtherPorts) {
  const Engine rules = engine(policy({with_hosts(allow("site"), {"example.com"})}));
  const Decision denied = ask(rules, authority("example.com", 25));
  EXPECT_EQ(denied.verdict, Verdict::kDeny);
  EXPECT_EQ(denied.rule, "connect-ports");
  EXPECT_EQ(denied.code, ErrorCode::kPortDenied);
  EXPECT_EQ(denied.reason, "CONNECT to port 25 is not allowed (example.com:25)");
  EXPECT_EQ(
      denied.next_step,
      "to allow it, add 25 to policy.connect_ports, or add a rule with action allow and hosts "
      "[\"example.com\"] and ports [25] before \"site\" in policy.rules");
  EXPECT_EQ(ask(rules, authority("example.com", 8080), Kind::kForward).verdict, Verdict::kAllow);
}

TEST(PolicyEngine, ForwardsNothingToClosedPorts) {
  const Engine rules = engine(policy({with_hosts(allow("site"), {"example.com"})}));
  const Decision denied = ask(rules, authority("example.com", 25), Kind::kForward);
  EXPECT_EQ(denied.verdict, Verdict::kDeny);
  EXPECT_EQ(denied.rule, "closed-ports");
  EXPECT_EQ(denied.code, ErrorCode::kPortDenied);
  EXPECT_EQ(denied.reason, "requests are not forwarded to port 25 (example.com:25)");
}

TEST(PolicyEngine, OpensAConnectPortThatAnAllowRuleLists) {
  const Engine rules = engine(policy({with_ports(with_hosts(allow("ssh"), {"git.com"}), {22})}));
  EXPECT_EQ(ask(rules, authority("git.com", 22)).rule, "ssh");
  EXPECT_EQ(ask(rules, authority("other.com", 22)).rule, "connect-ports");
}

TEST(PolicyEngine, RefusesLocalNamesBeforeDns) {
  const Decision denied = ask(engine(policy({allow("all")})), authority("db.internal"));
  EXPECT_EQ(denied.verdict, Verdict::kDeny);
  EXPECT_EQ(denied.rule, "address-guard");
  EXPECT_EQ(denied.code, ErrorCode::kAddressDenied);
  EXPECT_EQ(ask(engine(policy({})), authority("localhost")).verdict, Verdict::kDeny);
}

TEST(PolicyEngine, ResolvesLocalNamesThatAnAllowRuleLists) {
  for (const char* pattern : {"db.internal", ".internal", "*.internal"}) {
    const Engine rules = engine(policy({with_hosts(allow("db"), {pattern})}));
    EXPECT_EQ(ask(rules, authority("db.internal")).verdict, Verdict::kAllow) << pattern;
  }
  // An allow rule by address alone does not list the name.
  const Engine by_address = engine(policy({with_addresses(allow("lan"), {"10.0.0.0/8"})}));
  EXPECT_EQ(ask(by_address, authority("db.internal")).verdict, Verdict::kDeny);
}

TEST(PolicyEngine, AdmitsClientsOfTheConfiguredRanges) {
  config::Policy value = policy({});
  value.clients = cidrs({"10.0.0.0/8"});
  const Engine rules = engine(value);
  EXPECT_EQ(rules.admit(ip("10.1.2.3")).verdict, Verdict::kAllow);
  EXPECT_EQ(rules.admit(ip("::ffff:10.1.2.3")).verdict, Verdict::kAllow);
  const Decision denied = rules.admit(ip("8.8.8.8"));
  EXPECT_EQ(denied.verdict, Verdict::kDeny);
  EXPECT_EQ(denied.rule, "clients");
  EXPECT_NE(denied.next_step.find("policy.clients"), std::string::npos);
}

}  // namespace
}  // namespace proxy::policy
