// Rules of a profile in the engine, and report-only mode.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "aks/profile.h"
#include "tests/unit/proxy/policy/policy_values.h"

namespace proxy::policy {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

config::Policy profiled(std::string profile, std::vector<config::Rule> rules = {}) {
  config::Policy value = policy(std::move(rules), config::Action::kDeny);
  value.profile = std::move(profile);
  EXPECT_TRUE(aks::apply_profile(value));
  return value;
}

TEST(ProfilePolicy, AllowsItsEndpointsOnTheirPortsAlone) {
  const Engine rules = engine(profiled("aks:westeurope"));
  const Decision mcr = ask(rules, authority("mcr.microsoft.com"));
  EXPECT_EQ(mcr.verdict, Verdict::kAllow);
  EXPECT_EQ(mcr.rule, "aks:core:mcr.microsoft.com");
  EXPECT_EQ(ask(rules, authority("mcr.microsoft.com", 80)).verdict, Verdict::kDeny);
  EXPECT_EQ(ask(rules, authority("eastus.data.mcr.microsoft.com")).rule,
            "aks:core:*.data.mcr.microsoft.com");
  EXPECT_EQ(ask(rules, authority("data.mcr.microsoft.com")).verdict, Verdict::kDeny);
  EXPECT_EQ(ask(rules, authority("security.ubuntu.com", 80), Kind::kForward).verdict,
            Verdict::kAllow);
  EXPECT_EQ(ask(rules, authority("example.com")).verdict, Verdict::kDeny);
}

TEST(ProfilePolicy, DoesNotOpenTheAddressGuard) {
  const Engine rules = engine(profiled("aks:westeurope"));
  const Decision decision = ask_address(rules, authority("mcr.microsoft.com"), "10.0.0.4");
  EXPECT_EQ(decision.verdict, Verdict::kDeny);
  EXPECT_EQ(decision.rule, "address-guard");
  EXPECT_THAT(decision.next_step,
              HasSubstr("to policy.rules, which come before \"aks:core:mcr.microsoft.com\""));
}

TEST(ProfilePolicy, ComesAfterTheRulesOfTheFile) {
  const Engine rules =
      engine(profiled("aks:westeurope", {with_hosts(deny("no-mcr"), {"mcr.microsoft.com"}),
                                         with_hosts(allow("ours"), {"ours.example.com"})}));
  EXPECT_EQ(ask(rules, authority("mcr.microsoft.com")).rule, "no-mcr");
  EXPECT_EQ(ask(rules, authority("ours.example.com")).rule, "ours");
  EXPECT_EQ(ask(rules, authority("packages.microsoft.com")).verdict, Verdict::kAllow);
}

TEST(ProfilePolicy, SaysWhichAddonWouldHaveAllowedIt) {
  const Engine rules = engine(profiled("aks:westeurope,policy"));
  const Decision vault = ask(rules, authority("demo.vault.azure.net"));
  EXPECT_EQ(vault.rule, "default");
  EXPECT_THAT(vault.reason, HasSubstr("aks:westeurope,policy"));
  EXPECT_THAT(vault.next_step, HasSubstr("\"aks:westeurope,policy,keyvault\" (keyvault does)"));
  const Decision shared = ask(rules, authority("x.ods.opinsights.azure.com"));
  EXPECT_THAT(shared.next_step, HasSubstr("(defender, monitor do)"));
  const Decision other = ask(rules, authority("example.com"));
  EXPECT_THAT(other.next_step, Not(HasSubstr("add-on")));
  EXPECT_THAT(ask(rules, authority("demo.vault.azure.net", 8443)).next_step,
              Not(HasSubstr("add-on")));
}

TEST(ProfilePolicy, WithoutItsRulesItDeniesEverything) {
  config::Policy value = policy({}, config::Action::kDeny);
  value.profile = "aks:westeurope";  // and nobody filled it in
  EXPECT_EQ(ask(engine(value), authority("mcr.microsoft.com")).verdict, Verdict::kDeny);
}

config::Policy reporting(std::vector<config::Rule> rules,
                         config::Action otherwise = config::Action::kDeny) {
  config::Policy value = policy(std::move(rules), otherwise);
  value.enforce = config::Enforce::kReport;
  return value;
}

TEST(ReportOnly, LetsThroughWhatRulesAndTheDefaultActionDeny) {
  const Engine rules = engine(reporting({with_hosts(deny("no-social"), {".social.example"}),
                                         with_hosts(allow("yes"), {"yes.example"})}));
  const Decision by_rule = ask_address(rules, authority("a.social.example"), "8.8.8.8");
  EXPECT_EQ(by_rule.verdict, Verdict::kWouldDeny);
  EXPECT_EQ(by_rule.rule, "no-social");
  const Decision by_default = ask_address(rules, authority("other.example"), "8.8.8.8");
  EXPECT_EQ(by_default.verdict, Verdict::kWouldDeny);
  EXPECT_EQ(by_default.rule, "default");
  EXPECT_EQ(ask_address(rules, authority("yes.example"), "8.8.8.8").verdict, Verdict::kAllow);
}

TEST(ReportOnly, KeepsTheAddressGuard) {
  // Rules that name addresses to deny them must not open the guard for them.
  const Engine rules = engine(reporting({with_addresses(deny("all"), {"0.0.0.0/0", "::/0"})}));
  for (const char* address :
       {"169.254.169.254", "168.63.129.16", "127.0.0.1", "169.254.1.1", "10.0.0.1", "192.168.0.1",
        "100.64.0.1", "fe80::1", "fd00::1", "::1", "::ffff:169.254.169.254", "224.0.0.1"}) {
    EXPECT_EQ(ask_address(rules, authority(address), address).verdict, Verdict::kDeny) << address;
    EXPECT_EQ(ask_address(rules, authority("a.example"), address).verdict, Verdict::kDeny)
        << address;
  }
  EXPECT_EQ(ask_address(rules, authority("a.example"), "8.8.8.8").verdict, Verdict::kWouldDeny);
}

TEST(ReportOnly, KeepsMetadataClosedEvenWhereRulesMayOpenIt) {
  config::Policy value = reporting({with_addresses(deny("no-imds"), {"169.254.169.254"})});
  value.allow_metadata = true;
  EXPECT_EQ(ask_address(engine(value), authority("169.254.169.254", 80), "169.254.169.254").verdict,
            Verdict::kDeny);
}

TEST(ReportOnly, KeepsPortsLocalNamesOwnListenersAndClients) {
  config::Policy value = reporting({with_ports(deny("no-smtp"), {25})});
  value.clients = cidrs({"10.0.0.0/8"});
  const Engine rules(value, {endpoint("8.8.8.8:443")}, {});
  EXPECT_EQ(ask(rules, authority("a.example", 25)).rule, "connect-ports")
      << "a deny rule that lists a port does not open it";
  EXPECT_EQ(ask(rules, authority("a.internal")).rule, "address-guard");
  EXPECT_EQ(ask_address(rules, authority("a.example"), "8.8.8.8").rule, "own-listener");
  EXPECT_EQ(rules.admit(ip("192.0.2.1")).verdict, Verdict::kDeny);
}

TEST(ReportOnly, DoesNotCountARequestThatNothingDenies) {
  const Engine rules = engine(reporting({}, config::Action::kAllow));
  EXPECT_EQ(ask_address(rules, authority("a.example"), "8.8.8.8").verdict, Verdict::kAllow);
}

TEST(Verdict, HasAWordForRecords) {
  EXPECT_EQ(token_of(Verdict::kAllow), "allow");
  EXPECT_EQ(token_of(Verdict::kWouldDeny), "would-deny");
  EXPECT_EQ(token_of(Verdict::kDeny), "deny");
}

}  // namespace
}  // namespace proxy::policy
