#include "proxy/reach.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "http/head.h"
#include "proxy/observe.h"
#include "tests/unit/net/loopback.h"
#include "tests/unit/proxy/lent_tools.h"
#include "tests/unit/proxy/policy/policy_values.h"

namespace proxy {
namespace {

using base::ErrorCode;
using policy::allow;
using policy::authority;
using policy::deny;
using policy::ip;
using policy::Kind;
using policy::Verdict;
using policy::with_addresses;
using policy::with_hosts;
using policy::with_sources;
using testing::ElementsAre;

config::Config ruled(std::vector<config::Rule> rules) {
  config::Config config;
  config.policy = policy::policy(std::move(rules));
  return config;
}

// The listener's address is one that only a rule opens.
class ReachTest : public testing::Test {
 protected:
  Account open() {
    Account account = lent_.ledger.open(lent_.caller, 1);
    account.record.method = "GET";
    watch(account, http::RequestHead{}, *lent_.observer);
    return account;
  }
  Reach::Reached connect(Account& account, const std::string& host,
                         Reach::Places places = Reach::Places::kOfSession) {
    Reach reach(lent_.service, places);
    const http::Authority target = authority(host, origin_.endpoint().port);
    return net::test::run(lent_.loop, reach.connect(account, target, Kind::kForward));
  }

  net::test::TestListener origin_;
  test::LentTools lent_{
      ruled({with_hosts(deny("secret"), {"secret.test"}),
             with_addresses(with_sources(deny("not-you"), {"192.0.2.8/32"}), {"127.0.0.1/32"}),
             with_addresses(allow("lab"), {"127.0.0.1/32"})}),
      {{"origin.test", {ip("127.0.0.1")}}, {"mixed.test", {ip("127.0.0.2"), ip("127.0.0.1")}}}};
};

TEST_F(ReachTest, ConnectsToAnAddressThatPolicyAllows) {
  Account account = open();
  const auto reached = connect(account, "origin.test");
  ASSERT_TRUE(reached) << reached.error().detail;
  EXPECT_EQ((*reached)->endpoint, origin_.endpoint());
  EXPECT_EQ(account.record.origin, origin_.endpoint());
  EXPECT_EQ(account.record.rule, "lab");
  EXPECT_EQ(account.record.verdict, Verdict::kAllow);
  EXPECT_GT(account.record.phases.connect.count(), 0);
  EXPECT_EQ(lent_.metrics.origin_connects.load(), 1U);
  account.close(std::nullopt);
}

TEST_F(ReachTest, NeverLooksUpANameThatIsDenied) {
  Account account = open();
  const auto reached = connect(account, "secret.test");
  ASSERT_FALSE(reached);
  EXPECT_EQ(reached.error().code, ErrorCode::kDenied);
  EXPECT_EQ(account.record.rule, "secret");
  EXPECT_EQ(account.record.phases.dns.count(), 0);
  EXPECT_EQ(lent_.resolver->queries(), 0U);
  EXPECT_EQ(lent_.metrics.dns_failures.load(), 0U);
  EXPECT_EQ(lent_.metrics.origin_connects.load(), 0U);
  account.close(reached.error());
}

TEST_F(ReachTest, DialsTheAllowedOnesOfANamesAddressesOnly) {
  Account account = open();
  const auto reached = connect(account, "mixed.test");
  ASSERT_TRUE(reached) << reached.error().detail;
  EXPECT_EQ((*reached)->endpoint, origin_.endpoint());
  EXPECT_EQ(lent_.metrics.origin_connect_failures.load(), 0U);
  account.close(std::nullopt);
}

TEST_F(ReachTest, ShowsEachRequestOnceWithItsVerdict) {
  Account allowed = open();
  EXPECT_TRUE(connect(allowed, "origin.test"));
  EXPECT_TRUE(connect(allowed, "origin.test"));
  Account denied = open();
  EXPECT_FALSE(connect(denied, "secret.test"));
  const std::string port = ":" + std::to_string(origin_.endpoint().port);
  EXPECT_THAT(lent_.observer->seen,
              ElementsAre("allow origin.test" + port, "deny secret.test" + port));
  allowed.close(std::nullopt);
  denied.close(std::nullopt);
}

TEST_F(ReachTest, TakesAPlaceForEachDialOfStreams) {
  lent_.doorkeeper.places = 1;
  Account account = open();
  const auto first = connect(account, "origin.test", Reach::Places::kOfEachDial);
  ASSERT_TRUE(first) << first.error().detail;
  EXPECT_TRUE((*first)->place);
  const auto second = connect(account, "origin.test", Reach::Places::kOfEachDial);
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().code, ErrorCode::kTooManyPerClient);
  EXPECT_EQ(account.next_step, "close some");
  EXPECT_EQ(lent_.metrics.origin_connects.load(), 1U);
  EXPECT_TRUE(connect(account, "origin.test")) << "a session's place is enough for its own";
  account.close(std::nullopt);
}

TEST_F(ReachTest, AddsUpTheTimesOfTwoDials) {
  Account account = open();
  ASSERT_TRUE(connect(account, "origin.test"));
  const auto first = account.record.phases.connect;
  Reach reach(lent_.service, Reach::Places::kOfSession);
  const auto second = net::test::run(lent_.loop, reach.again(account, origin_.endpoint()));
  ASSERT_TRUE(second) << second.error().detail;
  EXPECT_GT(account.record.phases.connect, first);
  EXPECT_EQ(account.record.rule, "lab");
  account.close(std::nullopt);
}

TEST_F(ReachTest, LeavesAPooledConnectionToThoseWhoMayUseIt) {
  const http::Authority target = authority("origin.test", origin_.endpoint().port);
  Account account = open();
  auto reached = connect(account, "origin.test");
  ASSERT_TRUE(reached);
  lent_.stock.put(target.to_string(), std::move(*reached));
  Caller other = lent_.caller;
  other.endpoint = *base::Endpoint::parse("192.0.2.8:50000");
  OriginStock others(other, lent_.tools);
  Reach denied({other, lent_.seat, lent_.tools, others}, Reach::Places::kOfSession);
  EXPECT_EQ(denied.pooled(account, target), nullptr);
  EXPECT_EQ(lent_.origins.size(), 1U);
  Reach allowed(lent_.service, Reach::Places::kOfSession);
  const auto taken = allowed.pooled(account, target);
  ASSERT_NE(taken, nullptr);
  EXPECT_EQ(taken->age, OriginConnection::Age::kReused);
  EXPECT_EQ(lent_.origins.size(), 0U);
  account.close(std::nullopt);
}

}  // namespace
}  // namespace proxy
