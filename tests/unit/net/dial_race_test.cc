#include "net/dial_race.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <deque>

#include "tests/unit/net/loopback.h"
#include "tests/unit/net/on_loop.h"

namespace net {
namespace {

using base::ErrorCode;
using base::IpAddress;
using test::FullListener;
using test::TestListener;

std::vector<IpAddress> addresses(std::initializer_list<const char*> texts) {
  std::vector<IpAddress> out;
  for (const char* text : texts) out.push_back(*IpAddress::parse(text));
  return out;
}

TEST(Interleave, TakesFamiliesInTurnBeginningWithIpv6) {
  const struct {
    std::vector<IpAddress> in, out;
  } rows[] = {
      {{}, {}},
      {addresses({"192.0.2.1"}), addresses({"192.0.2.1"})},
      {addresses({"192.0.2.1", "2001:db8::1"}), addresses({"2001:db8::1", "192.0.2.1"})},
      {addresses({"2001:db8::1", "2001:db8::2", "2001:db8::3", "192.0.2.1"}),
       addresses({"2001:db8::1", "192.0.2.1", "2001:db8::2", "2001:db8::3"})},
      {addresses({"192.0.2.1", "192.0.2.2", "192.0.2.3", "2001:db8::1"}),
       addresses({"2001:db8::1", "192.0.2.1", "192.0.2.2", "192.0.2.3"})},
      {addresses({"192.0.2.2", "192.0.2.1"}), addresses({"192.0.2.2", "192.0.2.1"})},
  };
  for (const auto& row : rows) EXPECT_EQ(interleave(row.in), row.out);
}

// 127.0.0.4, .2 and .3 on one port (of 127.0.0.1 other programs' connections take ports): what each
// does is up to the test. With IPv4 alone the order is that of the list.
struct DialRace : ::testing::Test {
  Task<base::Result<Dialled>> race(std::initializer_list<const char*> to, base::Millis delay,
                                   base::Millis patience = base::Millis(10'000)) {
    return dial_any(loop, addresses(to), port, delay, loop.now() + patience,
                    "www.example.test:443");
  }
  // Who wins, or the error's name.
  std::string winner(std::initializer_list<const char*> to, base::Millis delay = base::Millis(20),
                     base::Millis patience = base::Millis(10'000)) {
    const base::Result<Dialled> result = test::run(loop, race(to, delay, patience));
    if (!result) {
      EXPECT_EQ(result.error().detail.find("127."), std::string::npos) << result.error().detail;
      return std::string(base::token_of(result.error().code));
    }
    EXPECT_EQ(peer_endpoint(result->socket->fd()), result->endpoint);
    EXPECT_EQ(loop.poller().size(), 1U) << "the losers are closed";
    return result->endpoint.address.to_string();
  }
  void listen_on(const char* address) { listener.emplace(address, port); }

  Loop loop;
  // Holds the port on 127.0.0.9, so that it is the test's on all other loopback addresses.
  const TestListener reservation{"127.0.0.9"};
  const std::uint16_t port = reservation.endpoint().port;
  std::optional<TestListener> listener;
};

constexpr base::Millis kHour{3'600'000};

TEST_F(DialRace, TheOnlyAddressWins) {
  listen_on("127.0.0.4");
  EXPECT_EQ(winner({"127.0.0.4"}), "127.0.0.4");
}

TEST_F(DialRace, TheFirstThatAnswersInTimeWins) {
  listen_on("127.0.0.4");
  const TestListener second("127.0.0.2", port);
  EXPECT_EQ(winner({"127.0.0.4", "127.0.0.2"}, kHour), "127.0.0.4");
}

TEST_F(DialRace, AFailureStartsTheNextAttemptAtOnce) {
  listen_on("127.0.0.3");
  EXPECT_EQ(winner({"127.0.0.4", "127.0.0.2", "127.0.0.3"}, kHour), "127.0.0.3");
  EXPECT_EQ(winner({"127.255.255.255", "127.0.0.3"}, kHour), "127.0.0.3");
}

TEST_F(DialRace, SilenceStartsTheNextAttemptAfterTheDelay) {
  const FullListener silent("127.0.0.4", port);
  listen_on("127.0.0.2");
  const base::Instant before = base::steady_now();
  EXPECT_EQ(winner({"127.0.0.4", "127.0.0.2"}, base::Millis(60)), "127.0.0.2");
  EXPECT_GE(base::steady_now() - before, base::Millis(59));
}

TEST_F(DialRace, AFailureDoesNotEndOtherAttempts) {
  // The second fails at once while the first hangs; the third wins without waiting for the first.
  const FullListener silent("127.0.0.4", port);
  listen_on("127.0.0.3");
  EXPECT_EQ(winner({"127.0.0.4", "127.0.0.2", "127.0.0.3"}, base::Millis(20)), "127.0.0.3");
}

TEST_F(DialRace, EndsAtTheDeadline) {
  const FullListener silent("127.0.0.4", port);
  EXPECT_EQ(winner({"127.0.0.4"}, base::Millis(20), base::Millis(60)), "connect_timeout");
  EXPECT_EQ(loop.poller().size(), 0U);
  EXPECT_EQ(loop.timers().armed(), 0U);
}

TEST_F(DialRace, TheDeadlineComesBeforeTheNextAttempt) {
  const FullListener silent("127.0.0.4", port);
  listen_on("127.0.0.2");
  EXPECT_EQ(winner({"127.0.0.4", "127.0.0.2"}, kHour, base::Millis(40)), "connect_timeout");
}

TEST_F(DialRace, ReportsTheMostTellingError) {
  const FullListener silent("127.0.0.4", port);
  const base::Millis delay{10};
  const base::Millis patience{80};
  EXPECT_EQ(winner({"127.0.0.2", "127.255.255.255"}), "connect_refused");
  EXPECT_EQ(winner({"127.255.255.255", "127.0.0.2"}), "connect_refused");
  EXPECT_EQ(winner({"127.0.0.4", "127.0.0.2"}, delay, patience), "connect_refused");
  EXPECT_EQ(winner({"127.0.0.4", "127.255.255.255"}, delay, patience), "connect_timeout");
  EXPECT_EQ(winner({"127.255.255.255"}), "connect_unreachable");
}

TEST_F(DialRace, PrefersIpv6) {
  const TestListener v6("::1", port);
  if (!v6.listening()) GTEST_SKIP() << "no IPv6 on this machine";
  listen_on("127.0.0.4");
  EXPECT_EQ(winner({"127.0.0.4", "::1"}, kHour), "::1");
}

TEST_F(DialRace, MayBeCancelledWithAttemptsUnderWay) {
  const FullListener silent("127.0.0.4", port);
  const FullListener silent_too("127.0.0.2", port);
  Task<base::Result<Dialled>> task = race({"127.0.0.4", "127.0.0.2"}, base::Millis(10));
  task.start();
  test::run_until(loop, [&] { return loop.poller().size() == 2; });
  task.cancel();
  EXPECT_EQ(loop.poller().size(), 0U);
  EXPECT_EQ(loop.timers().armed(), 0U);
}

// Six addresses that never answer and one that does.
struct DialManyAddresses : DialRace {
  static constexpr size_t kSilent = 6;
  DialManyAddresses() {
    for (size_t n = 1; n <= kSilent; ++n) {
      silent.emplace_back(("127.0.0." + std::to_string(n)).c_str(), port);
    }
    listen_on("127.0.0.7");
  }
  std::deque<FullListener> silent;
  Task<base::Result<Dialled>> race_all(base::Millis delay, base::Millis patience,
                                       std::optional<SpareAttempts> spare = std::nullopt) {
    return dial_any(loop,
                    addresses({"127.0.0.4", "127.0.0.2", "127.0.0.3", "127.0.0.4", "127.0.0.5",
                               "127.0.0.6", "127.0.0.7"}),
                    port, delay, loop.now() + patience, "www.example.test:443", spare);
  }
};

TEST_F(DialManyAddresses, FewAttemptsGoOnSideBySideAndEachAddressGetsItsTurn) {
  Task<base::Result<Dialled>> task = race_all(base::Millis(5), base::Millis(600));
  task.start();
  size_t most = 0;
  test::run_until(loop, [&] {
    most = std::max(most, loop.poller().size());
    return task.done();
  });
  EXPECT_EQ(most, kMaxAttempts);
  const base::Result<Dialled> result = task.take();
  ASSERT_TRUE(result) << result.error().detail;
  EXPECT_EQ(result->endpoint.address.to_string(), "127.0.0.7");
}

TEST_F(DialManyAddresses, WithoutSpareAttemptsOneGoesOnAfterTheOther) {
  Pot pot(0);
  PotShare share;
  Task<base::Result<Dialled>> task =
      race_all(base::Millis(5), base::Millis(700), SpareAttempts{pot, share});
  task.start();
  size_t most = 0;
  test::run_until(loop, [&] {
    most = std::max(most, loop.poller().size());
    return task.done();
  });
  EXPECT_EQ(most, 1U);
  EXPECT_TRUE(task.take());
}

TEST_F(DialManyAddresses, SpareAttemptsAreGivenBack) {
  Pot pot(16);
  PotShare share;
  Task<base::Result<Dialled>> task =
      race_all(base::Millis(1), base::Millis(10'000), SpareAttempts{pot, share});
  task.start();
  test::run_until(loop, [&] { return loop.poller().size() == kMaxAttempts; });
  EXPECT_EQ(share.places, kMaxAttempts - 1) << "the first is the session's";
  task.cancel();
  EXPECT_EQ(share.places + pot.taken(), 0U);
}

TEST_F(DialRace, WithoutAddressesFails) { EXPECT_EQ(winner({}), "internal"); }

}  // namespace
}  // namespace net
