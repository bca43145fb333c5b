// The address guard and the proxy's own listeners as the engine applies them.
#include <gtest/gtest.h>

#include "tests/unit/proxy/policy/policy_values.h"

namespace proxy::policy {
namespace {

using base::ErrorCode;

TEST(GuardedAddress, IsNotOpenedByAHostRule) {
  const Engine rules = engine(policy({with_hosts(allow("db"), {"db.corp"})}));
  const Decision denied = ask_address(rules, authority("db.corp"), "10.0.0.5");
  EXPECT_EQ(denied.verdict, Verdict::kDeny);
  EXPECT_EQ(denied.rule, "address-guard");
  EXPECT_EQ(denied.code, ErrorCode::kAddressDenied);
  EXPECT_EQ(denied.reason,
            "db.corp resolves to a private address, which the address guard refuses");
  EXPECT_EQ(denied.next_step,
            "to allow it, add a rule with action allow and hosts [\"db.corp\"] and its address "
            "under addresses before \"db\" in policy.rules");
}

TEST(GuardedAddress, IsOpenedByAnAllowRuleThatNamesIt) {
  const Engine rules =
      engine(policy({with_addresses(with_hosts(allow("db"), {"db.corp"}), {"10.0.0.0/24"})}));
  EXPECT_EQ(ask_address(rules, authority("db.corp"), "10.0.0.5").verdict, Verdict::kAllow);
  EXPECT_EQ(ask_address(rules, authority("db.corp"), "10.0.1.5").verdict, Verdict::kDeny);
  EXPECT_EQ(ask_address(rules, authority("other.corp"), "10.0.0.5").verdict, Verdict::kDeny);
}

TEST(GuardedAddress, IsOpenedInMappedFormByItsPlainForm) {
  const Engine rules = engine(policy({with_addresses(allow("lan"), {"10.0.0.0/8"})}));
  EXPECT_EQ(ask(rules, authority("::ffff:10.0.0.5")).verdict, Verdict::kAllow);
  EXPECT_EQ(ask(rules, authority("64:ff9b::10.0.0.5")).verdict, Verdict::kDeny);
  EXPECT_EQ(ask(rules, authority("2002:a00:5::1")).verdict, Verdict::kDeny);
}

TEST(GuardedAddress, IsToldInFullToAClientThatNamedIt) {
  const Decision denied = ask(engine(policy({})), authority("127.0.0.1"));
  EXPECT_EQ(denied.reason,
            "127.0.0.1 is a loopback address (127.0.0.0/8), which the address guard refuses");
  EXPECT_EQ(
      denied.next_step,
      "to allow it, add a rule with action allow and addresses [\"127.0.0.1\"] to policy.rules");
}

TEST(GuardedAddress, OfANameIsNeverTold) {
  const Engine rules = engine(policy({}));
  for (const char* address : {"127.0.0.1", "10.9.8.7", "169.254.169.254", "fd00:ec2::254",
                              "::ffff:10.9.8.7", "64:ff9b::10.9.8.7", "0.0.0.0", "fe80::1"}) {
    const Decision denied = ask_address(rules, authority("rebind.example"), address);
    EXPECT_EQ(denied.verdict, Verdict::kDeny) << address;
    for (const std::string& text : {denied.reason, denied.next_step}) {
      EXPECT_EQ(text.find(address), std::string::npos) << text;
      EXPECT_EQ(text.find_first_of("0123456789"), std::string::npos) << text;
    }
  }
}

TEST(GuardedAddress, OfAMetadataServiceNeedsTheSwitchBesidesARule) {
  config::Policy value = policy({with_addresses(allow("imds"), {"169.254.169.254/32"})});
  const auto imds = authority("169.254.169.254", 80);
  const Decision denied = ask(engine(value), imds);
  EXPECT_EQ(denied.verdict, Verdict::kDeny);
  EXPECT_EQ(denied.next_step, "to allow it, set policy.allow_metadata to true");
  value.allow_metadata = true;
  EXPECT_EQ(ask(engine(value), imds).verdict, Verdict::kAllow);
  EXPECT_EQ(ask(engine(value), authority("168.63.129.16", 80)).verdict, Verdict::kDeny);
  value.rules.clear();
  EXPECT_EQ(ask(engine(value), imds).verdict, Verdict::kDeny);
}

TEST(GuardedAddress, ThatIsMulticastIsNeverOpened) {
  config::Policy value = policy({with_addresses(allow("all"), {"0.0.0.0/0", "::/0"})});
  value.allow_metadata = true;
  for (const char* address :
       {"0.0.0.0", "224.0.0.1", "255.255.255.255", "::", "ff02::1", "::ffff:224.0.0.1"}) {
    EXPECT_EQ(ask(engine(value), authority(address)).rule, "address-guard") << address;
  }
  EXPECT_EQ(ask(engine(value), authority("127.0.0.1")).verdict, Verdict::kAllow);
}

TEST(GuardedAddress, IsNotOpenedByADenyRuleOrALaterAllowRule) {
  const Engine rules = engine(
      policy({with_addresses(deny("no"), {"10.0.0.5/32"}), with_hosts(allow("corp"), {".corp"}),
              with_addresses(allow("lan"), {"10.0.0.0/8"})}));
  EXPECT_EQ(ask(rules, authority("10.0.0.5")).rule, "no");
  EXPECT_EQ(ask(rules, authority("10.0.0.6")).rule, "lan");
  EXPECT_EQ(ask_address(rules, authority("db.corp"), "10.0.0.6").rule, "address-guard");
}

config::Policy open_policy() {
  return policy({with_ports(with_addresses(allow("all"), {"0.0.0.0/0", "::/0"}), {3128, 3129})});
}

TEST(OwnListener, IsNeverDialledWhateverTheRules) {
  const Engine rules(open_policy(), {endpoint("10.0.0.4:3128"), endpoint("127.0.0.1:3129")}, {});
  for (const char* address : {"10.0.0.4", "::ffff:10.0.0.4", "64:ff9b::10.0.0.4"}) {
    const Decision denied = ask(rules, authority(address, 3128));
    EXPECT_EQ(denied.verdict, Verdict::kDeny) << address;
    EXPECT_EQ(denied.rule, "own-listener") << address;
  }
  EXPECT_EQ(ask(rules, authority("127.0.0.1", 3129)).rule, "own-listener");
  EXPECT_EQ(ask(rules, authority("0.0.0.0", 3129)).rule, "own-listener");
  EXPECT_EQ(ask(rules, authority("10.0.0.4", 3129)).rule, "all");
  EXPECT_EQ(ask(rules, authority("10.0.0.5", 3128)).rule, "all");
  EXPECT_EQ(ask_address(rules, authority("me.example", 3128), "10.0.0.4").rule, "own-listener");
}

TEST(OwnListener, OnTheWildcardAddressCoversEveryLocalAddress) {
  for (const char* wildcard : {"0.0.0.0:3128", "[::]:3128"}) {
    const Engine rules(open_policy(), {endpoint(wildcard)}, {ip("10.0.0.4"), ip("2001:db8::4")});
    for (const char* address : {"10.0.0.4", "2001:db8::4", "127.0.0.1", "127.9.9.9", "::1",
                                "0.0.0.0", "::", "::ffff:127.0.0.1", "::ffff:10.0.0.4"}) {
      EXPECT_EQ(ask(rules, authority(address, 3128)).rule, "own-listener")
          << wildcard << " " << address;
    }
    EXPECT_EQ(ask(rules, authority("10.0.0.5", 3128)).rule, "all");
    EXPECT_EQ(ask(rules, authority("10.0.0.4", 3129)).rule, "all");
  }
}

}  // namespace
}  // namespace proxy::policy
