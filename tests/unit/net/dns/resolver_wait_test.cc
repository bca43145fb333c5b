// Sharing, waiting, giving up.
#include <gtest/gtest.h>

#include <algorithm>

#include "tests/unit/net/dns/resolver_fixture.h"

namespace net::dns {
namespace {

using test::kA;
using test::kAaaa;
using test::StubDns;
using test::text;

struct DnsResolverWait : test::ResolverTest {
  // Holds back every answer until `release`.
  void hold() {
    stub.set_handler([this](StubDns&, const StubDns::Query& query) { held.push_back(query); });
  }
  void release() {
    for (const auto& query : held) test::answer_both(stub, query);
    held.clear();
  }
  std::vector<StubDns::Query> held;
};

TEST_F(DnsResolverWait, ConcurrentCallsShareOneLookup) {
  hold();
  make();
  auto tasks = start(50, "a.test");
  test::run_until(loop, [&] { return held.size() == 2; });
  release();
  test::run_until(loop, [&] { return tasks.back().done(); });
  for (auto& each : tasks) {
    ASSERT_TRUE(each.done());
    EXPECT_EQ(text(each.take()), "2001:db8::1 192.0.2.1");
  }
  EXPECT_EQ(stub.asked(kA), 1U);
  EXPECT_EQ(stub.asked(kAaaa), 1U);
  EXPECT_EQ(resolver->queries(), 2U);
}

TEST_F(DnsResolverWait, AnyWaiterMayGiveUpAtAnyTime) {
  hold();
  make();
  auto tasks = start(10, "a.test");
  test::run_until(loop, [&] { return held.size() == 2; });
  for (const size_t i : {0U, 4U, 9U}) tasks[i].cancel();
  release();
  test::run_until(loop, [&] { return tasks[8].done(); });
  EXPECT_TRUE(tasks[1].done());
}

TEST_F(DnsResolverWait, ALookupEndsWithItsLastWaiter) {
  hold();
  make();
  auto tasks = start(3, "a.test");
  test::run_until(loop, [&] { return held.size() == 2; });
  EXPECT_EQ(claim.lookups, 1U);
  tasks.pop_back();
  tasks.pop_back();
  EXPECT_EQ(resolver->lookups_in_flight(), 1U);
  tasks.pop_back();
  EXPECT_EQ(resolver->lookups_in_flight(), 0U);
  EXPECT_EQ(claim.lookups, 0U);
  release();
  stub.set_handler(test::answer_both);
  EXPECT_EQ(resolve("b.test")->source, Answer::Source::kQuery) << "a late answer harms nobody";
}

// Names that a client waits for, one task each.
struct DnsNeighbours : DnsResolverWait {
  std::vector<Task<base::Result<Answer>>> wait_for(size_t names, const std::string& zone,
                                                   Claim& payer) {
    std::vector<Task<base::Result<Answer>>> tasks;
    for (size_t i = 0; i < names; ++i) {
      tasks.push_back(resolver->resolve("n" + std::to_string(i) + "." + zone,
                                        loop.now() + base::Millis(10'000), payer));
      tasks.back().start();
    }
    return tasks;
  }
  static size_t done(const std::vector<Task<base::Result<Answer>>>& tasks) {
    return static_cast<size_t>(
        std::count_if(tasks.begin(), tasks.end(), [](const auto& each) { return each.done(); }));
  }
  Claim polite;
};

TEST_F(DnsNeighbours, WhoHasMostGivesUpForWhoHasFewer) {
  hold();
  options.max_queries = 8;
  make();
  auto greedy = wait_for(8, "greedy.test", claim);
  auto own = wait_for(4, "polite.test", polite);
  test::run_for(loop, base::Millis(1));
  EXPECT_EQ(done(greedy), 4U) << "each has as many as the other";
  EXPECT_EQ(claim.lookups, 4U);
  EXPECT_EQ(polite.lookups, 4U);
  for (auto& each : greedy) {
    if (!each.done()) continue;
    const auto refused = each.take();
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, base::ErrorCode::kDnsServerFailure);
    EXPECT_NE(refused.error().detail.find("dns.max_queries"), std::string::npos);
  }
  auto more = wait_for(1, "more.test", polite);
  ASSERT_TRUE(more[0].done());
  EXPECT_EQ(text(more[0].take()), "dns_server_failure");
  test::run_until(loop, [&] { return held.size() == 24; });
  release();
  test::run_until(loop, [&] { return done(own) == 4; });
  for (auto& each : own) EXPECT_EQ(text(each.take()), "2001:db8::1 192.0.2.1");
}

TEST_F(DnsNeighbours, ALookupThatOthersWaitForTooIsNotGivenUp) {
  hold();
  options.max_queries = 2;
  make();
  auto greedy = wait_for(2, "a.test", claim);
  auto shared = wait_for(2, "a.test", polite);
  Claim third;
  auto late = wait_for(1, "b.test", third);
  EXPECT_EQ(done(late), 1U) << "each of the two clients has one";
  EXPECT_EQ(claim.lookups + polite.lookups, 2U);
  greedy.clear();
  EXPECT_EQ(claim.lookups, 0U);
  EXPECT_EQ(polite.lookups, 2U) << "who is left pays";
  shared.clear();
  EXPECT_EQ(polite.lookups, 0U);
}

TEST_F(DnsNeighbours, QuestionsThatNobodyWaitsForAreTakenBack) {
  hold();
  make();
  auto own = wait_for(1, "polite.test", polite);
  for (int round = 0; round < 3; ++round) {
    auto greedy = wait_for(70, "greedy.test", claim);
    test::run_for(loop, base::Millis(1));
    greedy.clear();
    test::run_for(loop, base::Millis(1));
    EXPECT_LE(resolver->questions(), 2U + Channel::kMaxForgotten);
  }
  test::run_until(loop, [&] { return stub.asked(kA) >= 211; });
  release();
  test::run_until(loop, [&] { return done(own) == 1; });
  EXPECT_EQ(text(own[0].take()), "2001:db8::1 192.0.2.1");
}

TEST_F(DnsResolverWait, ANameThatHadAllItsTimeIsRememberedAsAFailure) {
  stub.set_handler({});
  options.query_timeout = base::Millis(60);
  make();
  EXPECT_EQ(text(test::run(loop, task("silent.test", base::Millis(60)))), "dns_timeout");
  EXPECT_EQ(text(test::run(loop, task("silent.test", base::Millis(60)))), "dns_timeout");
  EXPECT_EQ(resolver->cache_hits(), 1U);
}

TEST_F(DnsResolverWait, EachWaiterHasItsOwnDeadline) {
  hold();
  make();
  auto patient = start(1, "a.test");
  const auto hasty = test::run(loop, task("a.test", base::Millis(20)));
  ASSERT_FALSE(hasty);
  EXPECT_EQ(hasty.error().code, base::ErrorCode::kDnsTimeout);
  EXPECT_FALSE(patient[0].done());
  release();
  test::run_until(loop, [&] { return patient[0].done(); });
  EXPECT_EQ(text(patient[0].take()), "2001:db8::1 192.0.2.1");
}

TEST_F(DnsResolverWait, TheServersTimeoutEndsALookup) {
  stub.set_handler({});
  options.query_timeout = base::Millis(210);
  const base::Instant before = base::steady_now();
  EXPECT_EQ(text(resolve("silent.test")), "dns_timeout");
  EXPECT_GE(base::steady_now() - before, base::Millis(200));
  EXPECT_EQ(stub.asked(kA), 3U) << "asked three times";
  EXPECT_EQ(loop.timers().armed(), 0U);
}

TEST_F(DnsResolverWait, ALateAnswerToAnEarlierTryCounts) {
  hold();
  options.query_timeout = base::Millis(700);
  make();
  auto tasks = start(1, "slow.test");
  test::run_until(loop, [&] { return stub.asked(kA) == 2; });
  held.resize(2);
  release();
  test::run_until(loop, [&] { return tasks[0].done(); });
  EXPECT_EQ(text(tasks[0].take()), "2001:db8::1 192.0.2.1");
}

TEST_F(DnsResolverWait, TheResolverMayEndWithLookupsInFlight) {
  hold();
  make();
  auto tasks = start(5, "a.test");
  for (auto& more : start(5, "b.test")) tasks.push_back(std::move(more));
  test::run_until(loop, [&] { return held.size() == 4; });
  resolver.reset();
  test::run_for(loop, base::Millis(1));
  for (auto& each : tasks) EXPECT_FALSE(each.done());
  EXPECT_EQ(loop.timers().armed(), 0U) << "nobody wakes for an answer that can't come";
}

TEST_F(DnsResolverWait, TheResolverMayEndBetweenAnswerAndDelivery) {
  hold();
  make();
  auto tasks = start(2, "a.test");
  test::run_until(loop, [&] { return held.size() == 2; });
  release();
  loop.post([&] { resolver.reset(); });
  test::run_for(loop, base::Millis(20));
  EXPECT_EQ(resolver, nullptr);
}

struct Ender {
  static Task<void> end_after(Task<base::Result<Answer>> first, std::unique_ptr<Resolver>& resolver,
                              std::vector<Task<base::Result<Answer>>>& others) {
    const base::Result<Answer> answer = co_await first;
    EXPECT_TRUE(answer);
    others[1].cancel();
    resolver.reset();
  }
};

TEST_F(DnsResolverWait, AWaiterMayEndOthersAndTheResolver) {
  hold();
  make();
  std::vector<Task<base::Result<Answer>>> others;
  Task<void> ender = Ender::end_after(task("a.test"), resolver, others);
  ender.start();
  others = start(3, "a.test");
  test::run_until(loop, [&] { return held.size() == 2; });
  release();
  test::run_until(loop, [&] { return ender.done() && others[2].done(); });
  EXPECT_EQ(text(others[0].take()), "2001:db8::1 192.0.2.1");
}

TEST_F(DnsResolverWait, AWaiterMayAskAgain) {
  struct Again {
    static Task<std::string> twice(Resolver& from, base::Instant deadline, Claim& claim) {
      Task<base::Result<Answer>> first = from.resolve("a.test", deadline, claim);
      const base::Result<Answer> one = co_await first;
      Task<base::Result<Answer>> second = from.resolve("b.test", deadline, claim);
      const base::Result<Answer> two = co_await second;
      co_return text(one) + ", " + text(two);
    }
  };
  make();
  const base::Instant deadline = loop.now() + base::Millis(10'000);
  EXPECT_EQ(test::run(loop, Again::twice(*resolver, deadline, claim)),
            "2001:db8::1 192.0.2.1, 2001:db8::1 192.0.2.1");
}

}  // namespace
}  // namespace net::dns
