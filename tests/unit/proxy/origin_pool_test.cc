#include "proxy/origin_pool.h"

#include <gtest/gtest.h>

#include <map>

#include "tests/unit/net/on_loop.h"
#include "tests/unit/net/tcp_pair.h"

namespace {

using namespace std::chrono_literals;

class OriginPoolTest : public testing::Test {
 protected:
  static constexpr proxy::OriginPool::Limits kLimits{.per_origin = 3, .total = 5, .idle = 60s};

  ~OriginPoolTest() override {
    for (const auto& [number, far] : far_ends) ::close(far);
  }

  // Its port tells connections apart.
  std::unique_ptr<proxy::OriginConnection> connection(std::uint16_t number) {
    const auto [far, near] = net::tcp_pair();
    far_ends[number] = far;
    return std::make_unique<proxy::OriginConnection>(
        std::make_unique<net::Socket>(loop, near, base::Party::kOrigin),
        base::Endpoint{base::IpAddress::v4({192, 0, 2, 1}), number});
  }
  std::unique_ptr<proxy::OriginConnection> secured(std::uint16_t number, std::string_view peer) {
    auto made = connection(number);
    made->secured.emplace(*tls::PeerName::parse(peer), tls::Validity{});
    return made;
  }
  void put(const std::string& authority, std::uint16_t number) {
    pool.put(authority, &snapshot, connection(number), kLimits);
  }
  void put_for(const std::string& authority, std::uint16_t number, base::Millis idle) {
    pool.put(authority, &snapshot, connection(number), {.per_origin = 3, .total = 5, .idle = idle});
  }
  static std::uint16_t number_of(const std::unique_ptr<proxy::OriginConnection>& taken) {
    return taken == nullptr ? 0 : taken->endpoint.port;
  }
  static bool any(const proxy::OriginConnection& /*kept*/) { return true; }
  std::uint16_t take(const std::string& authority) {
    return number_of(pool.take(authority, &snapshot, any));
  }

  net::Loop loop;
  proxy::admin::Metrics metrics;
  std::map<std::uint16_t, int> far_ends;
  int snapshot = 0;
  int other_snapshot = 0;
  proxy::OriginPool pool{loop, metrics};
};

TEST_F(OriginPoolTest, GivesTheOneUsedLastOfThatAuthority) {
  put("a.test:80", 1);
  put("a.test:80", 2);
  put("b.test:80", 3);
  EXPECT_EQ(take("c.test:80"), 0);
  EXPECT_EQ(take("a.test:80"), 2);
  EXPECT_EQ(take("a.test:80"), 1);
  EXPECT_EQ(take("a.test:80"), 0);
  EXPECT_EQ(take("b.test:80"), 3);
  EXPECT_EQ(pool.size(), 0U);
  EXPECT_EQ(metrics.origin_reuses, 3U);
}

TEST_F(OriginPoolTest, SaysThatWhatItGivesWasUsedBefore) {
  put("a.test:80", 1);
  EXPECT_EQ(pool.take("a.test:80", &snapshot, any)->age, proxy::OriginConnection::Age::kReused);
}

TEST_F(OriginPoolTest, KeepsSnapshotsApart) {
  put("a.test:80", 1);
  EXPECT_EQ(pool.take("a.test:80", &other_snapshot, any), nullptr);
  EXPECT_EQ(take("a.test:80"), 1);
}

TEST_F(OriginPoolTest, GivesTheLastThatFitsAndKeepsTheOthers) {
  const auto peer = *tls::PeerName::parse("a.test");
  const auto is_peers = [&](const proxy::OriginConnection& kept) {
    return kept.secured && kept.secured->peer == peer;
  };
  pool.put("a.test:443", &snapshot, secured(1, "a.test"), kLimits);
  pool.put("a.test:443", &snapshot, secured(2, "other.test"), kLimits);
  put("a.test:443", 3);
  EXPECT_EQ(number_of(pool.take("a.test:443", &snapshot, is_peers)), 1);
  EXPECT_EQ(pool.take("a.test:443", &snapshot, is_peers), nullptr);
  EXPECT_EQ(pool.size(), 2U);
  EXPECT_EQ(take("a.test:443"), 3);
  EXPECT_EQ(take("a.test:443"), 2);
}

TEST_F(OriginPoolTest, TheLongestIdleOfAnAuthorityGoesWhenItHasTooMany) {
  for (std::uint16_t number = 1; number <= 4; ++number) put("a.test:80", number);
  EXPECT_EQ(pool.size(), 3U);
  EXPECT_EQ(net::read_all(far_ends[1]), "") << "the first is closed";
  EXPECT_EQ(take("a.test:80"), 4);
  EXPECT_EQ(take("a.test:80"), 3);
  EXPECT_EQ(take("a.test:80"), 2);
}

TEST_F(OriginPoolTest, TheLongestIdleOfAllGoesWhenThePoolIsFull) {
  for (std::uint16_t number = 1; number <= 6; ++number) {
    put("host-" + std::to_string(number) + ".test:80", number);
  }
  EXPECT_EQ(pool.size(), 5U);
  EXPECT_EQ(net::read_all(far_ends[1]), "");
  EXPECT_EQ(take("host-1.test:80"), 0);
  EXPECT_EQ(take("host-2.test:80"), 2);
}

TEST_F(OriginPoolTest, TheLongestIdleMayBeTheOnlyOneOfTheAuthorityThatIsAddedTo) {
  pool.put("a.test:80", &snapshot, connection(1), {.per_origin = 1, .total = 1, .idle = 60s});
  pool.put("a.test:80", &snapshot, connection(2), {.per_origin = 1, .total = 1, .idle = 60s});
  EXPECT_EQ(take("a.test:80"), 2);
  pool.put("a.test:80", &snapshot, connection(3), {.per_origin = 2, .total = 1, .idle = 60s});
  pool.put("a.test:80", &snapshot, connection(4), {.per_origin = 2, .total = 1, .idle = 60s});
  EXPECT_EQ(take("a.test:80"), 4);
  EXPECT_EQ(pool.size(), 0U);
}

TEST_F(OriginPoolTest, ThrowsAwayWhatIsNotSilent) {
  for (std::uint16_t number = 1; number <= 3; ++number) put("a.test:80", number);
  ::shutdown(far_ends[2], SHUT_WR);
  net::write_all(far_ends[3], "HTTP/1.1 408 ");
  EXPECT_EQ(take("a.test:80"), 1);
  EXPECT_EQ(pool.size(), 0U);
  put("a.test:80", 4);
  ::shutdown(far_ends[4], SHUT_WR);
  EXPECT_EQ(take("a.test:80"), 0) << "nothing else is there";
}

TEST_F(OriginPoolTest, KeepsNothingWithoutRoom) {
  pool.put("a.test:80", &snapshot, connection(1), {.per_origin = 0, .total = 5, .idle = 60s});
  pool.put("a.test:80", &snapshot, connection(2), {.per_origin = 5, .total = 0, .idle = 60s});
  EXPECT_EQ(pool.size(), 0U);
  EXPECT_EQ(net::read_all(far_ends[1]) + net::read_all(far_ends[2]), "");
}

TEST_F(OriginPoolTest, GivesNothingWhoseTimeIsOver) {
  pool.put("a.test:80", &snapshot, connection(1), {.per_origin = 3, .total = 5, .idle = 0s});
  EXPECT_EQ(take("a.test:80"), 0);
}

TEST_F(OriginPoolTest, ClosesEachWhenItsTimeIsOver) {
  put_for("a.test:80", 1, 20ms);
  put_for("b.test:80", 2, 60ms);
  net::test::run_until(loop, [&] { return pool.size() == 1; });
  EXPECT_EQ(net::read_all(far_ends[1]), "");
  net::test::run_until(loop, [&] { return pool.size() == 0; });
  EXPECT_EQ(net::read_all(far_ends[2]), "");
}

TEST_F(OriginPoolTest, ASweepClosesWhatTheOriginHasClosed) {
  put_for("a.test:80", 1, 20ms);
  put("b.test:80", 2);
  ::shutdown(far_ends[2], SHUT_WR);
  net::test::run_until(loop, [&] { return pool.size() == 0; });
}

TEST_F(OriginPoolTest, ATimeThatAReloadHasShortenedCountsAtOnce) {
  put_for("a.test:80", 1, 1h);
  pool.clear();
  put_for("a.test:80", 2, 20ms);
  net::test::run_until(loop, [&] { return pool.size() == 0; });
}

TEST_F(OriginPoolTest, ClosesAllWhenCleared) {
  put("a.test:80", 1);
  put("b.test:80", 2);
  pool.clear();
  EXPECT_EQ(pool.size(), 0U);
  EXPECT_EQ(metrics.origin_idle, 0U);
  EXPECT_EQ(net::read_all(far_ends[1]) + net::read_all(far_ends[2]), "");
  EXPECT_EQ(take("a.test:80"), 0);
}

}  // namespace
