// How a relay tells each side of an end that is no orderly one.
#include <gtest/gtest.h>
#include <linux/sockios.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

#include <functional>
#include <thread>

#include "tests/unit/net/relay_fixture.h"

namespace net {
namespace {

using namespace std::chrono_literals;
using test::pattern;
using test::RelayTest;

// Sends `octets` as fast as the relay takes them, then an urgent one, then `rest`.
void send_with_urgent_octet(int fd, const std::string& octets, const std::string& rest) {
  write_all(fd, octets);
  ASSERT_EQ(::send(fd, "!", 1, MSG_OOB), 1);
  write_all(fd, rest);
}

// splice stops in front of urgent data for good; recv steps over it.
TEST_F(RelayTest, DeliversWhatFollowsUrgentDataInABulkyDirection) {
  connect();
  start();
  const std::string much = pattern(4'000'000, 3);
  const std::string rest = pattern(100'000, 4);
  std::thread writer([&] { send_with_urgent_octet(client_, much, rest); });
  std::string got(much.size() + rest.size(), '\0');
  ASSERT_EQ(::recv(origin_, got.data(), got.size(), MSG_WAITALL), static_cast<ssize_t>(got.size()));
  EXPECT_EQ(got, much + rest);
  writer.join();
  ::close(client_);
  EXPECT_EQ(read_all(origin_), "");
  ::close(origin_);
  EXPECT_FALSE(outcome().error);
}

TEST_F(RelayTest, DeliversWhatStandsBetweenUrgentDataAndTheEnd) {
  connect();
  const std::string much = pattern(200'000, 3);
  const std::string rest = pattern(1'000, 4);
  // All of it is there before the relay looks, the end included.
  const int room = 4'000'000;
  ::setsockopt(client_, SOL_SOCKET, SO_SNDBUF, &room, sizeof room);
  std::thread writer([&] {
    send_with_urgent_octet(client_, much, rest);
    ::shutdown(client_, SHUT_WR);
  });
  start();
  EXPECT_EQ(read_all(origin_), much + rest);
  writer.join();
  ::close(origin_);
  EXPECT_FALSE(outcome().error);
  ::close(client_);
}

TEST_F(RelayTest, ResetsASideThatATimeLimitCutsOffInTheMiddle) {
  connect(4096);
  start({100ms, 10s, base::kNever});
  // No pattern: making one takes longer than the limit under a sanitizer, and nothing would be cut.
  std::thread flood([&] { write_all(origin_, std::string(4'000'000, 'x')); });
  const RelayOutcome end = outcome();
  ASSERT_TRUE(end.error);
  EXPECT_EQ(end.error->code, base::ErrorCode::kIdleTimeout);
  EXPECT_TRUE(read_all(client_).ends_with("RST")) << "or it would take the part for the whole";
  flood.join();
  ::close(client_);
  ::close(origin_);
}

TEST_F(RelayTest, ResetsBothSidesAtTheTotalDeadline) {
  connect();
  start({10s, 10s, loop_.now() + 50ms});
  EXPECT_EQ(read_all(client_), "RST");
  EXPECT_EQ(read_all(origin_), "RST");
  EXPECT_EQ(outcome().error->code, base::ErrorCode::kTotalTimeout);
  ::close(client_);
  ::close(origin_);
}

// The client has closed for good, which shows when something comes late.
TEST_F(RelayTest, EndsInGoodOrderWhenAClientThatHadEndedGoes) {
  connect();
  start({10min, 10min, base::kNever});
  ::shutdown(client_, SHUT_WR);
  EXPECT_EQ(read_all(origin_), "");
  reset(client_);
  EXPECT_FALSE(outcome().error);  // long before any limit
  char octet = 0;
  EXPECT_EQ(::send(origin_, &octet, 1, MSG_NOSIGNAL), -1) << "the origin works for nobody";
  ::close(origin_);
}

TEST_F(RelayTest, NoticesTheResetOfAnOriginThatHadEnded) {
  connect();
  start({10min, 10min, base::kNever});
  ::shutdown(origin_, SHUT_WR);
  EXPECT_EQ(read_all(client_), "");
  reset(origin_);
  const RelayOutcome end = outcome();
  ASSERT_TRUE(end.error);
  EXPECT_EQ(end.error->code, base::ErrorCode::kOriginReset);
  ::close(client_);
}

// Both kinds of relay.
class RelayEndings : public RelayTest, public testing::WithParamInterface<test::Engine> {
 protected:
  void SetUp() override {
    RelayTest::SetUp();
    engine_ = GetParam();
  }

  // Lets `end` end and reset one side, the origin and then the client; `sent` is what it said
  // before.
  void expect_delivery(const std::string& sent, const std::function<void(int fd)>& end) {
    for (const bool origin_ends : {true, false}) {
      ended_ = {};
      connect();
      start({10min, 10min, base::kNever});
      end(origin_ends ? origin_ : client_);
      const int other = origin_ends ? client_ : origin_;
      EXPECT_TRUE(read_all(other).starts_with(sent));
      // A client that has ended may be gone; an origin still owes the rest.
      EXPECT_EQ(outcome().error.has_value(), origin_ends);
      ::close(other);
    }
  }

  // Until the relay's kernel has all that `fd` has written.
  static void wait_until_taken(int fd) {
    int left = 1;
    while (left > 0) must(::ioctl(fd, SIOCOUTQ, &left), "SIOCOUTQ");
  }
};

// The kernel tells of a reset once. The write that meets it leaves an ordinary end for the read.
TEST_P(RelayEndings, PassesAResetOnThatAWriteHasMet) {
  connect();
  start({10min, 10min, base::kNever});
  on_loop([&] {
    write_all(client_, "too late");  // the relay sees this first, and writes
    reset(origin_);
  });
  EXPECT_EQ(read_all(client_), "RST") << "an end that looks orderly";
  const RelayOutcome end = outcome();
  ASSERT_TRUE(end.error);
  EXPECT_EQ(end.error->code, base::ErrorCode::kOriginReset);
  ::close(client_);
}

// As an origin does that answers before it has all of an upload, and closes.
TEST_P(RelayEndings, DeliversWhatASideSentBeforeItsEndThoughItIsResetAfterwards) {
  const std::string much = pattern(300'000, 5);  // more than the other side's kernel takes unread
  expect_delivery(much, [&](int fd) {
    write_all(fd, much);
    ::shutdown(fd, SHUT_WR);
    for (std::uint64_t moved = 0; moved < much.size();)
      on_loop([&] { moved = relay_->to_client() + relay_->to_origin(); });
    reset(fd);
  });
}

// The relay's own buffer is full, and the end stands behind it.
TEST_P(RelayEndings, DeliversWhatASideSentBeforeAnEndThatIsNotReadYet) {
  connect();
  const int little = 4096;
  ::setsockopt(client_near_, SOL_SOCKET, SO_SNDBUF, &little, sizeof little);
  ::setsockopt(client_, SOL_SOCKET, SO_RCVBUF, &little, sizeof little);
  start({10min, 10min, base::kNever});
  const std::string much = pattern(60'000, 6);
  write_all(origin_, much);
  ::shutdown(origin_, SHUT_WR);
  wait_until_taken(origin_);
  on_loop([&] { EXPECT_LT(relay_->to_client(), much.size()); });
  reset(origin_);
  EXPECT_TRUE(read_all(client_).starts_with(much));
  const RelayOutcome end = outcome();
  ASSERT_TRUE(end.error);
  EXPECT_EQ(end.error->code, base::ErrorCode::kOriginReset);
  ::close(client_);
}

// FIN and RST arrive together, as from an origin that closes with unread octets.
TEST_P(RelayEndings, NoticesAResetThatComesWithTheEnd) {
  expect_delivery("last words", [&](int fd) {
    on_loop([&] {
      write_all(fd, "last words");
      ::shutdown(fd, SHUT_WR);
      reset(fd);
    });
  });
}

TEST_P(RelayEndings, AHalfCloseHasItsWholeTimeAfterSilence) {
  constexpr base::Millis kLimit{200};
  connect();
  start({10min, kLimit, base::kNever});
  pollfd client{client_, POLLIN, 0};
  ASSERT_EQ(::poll(&client, 1, 250), 0) << "a tunnel that is open both ways has another limit";
  const base::Instant ended_at = base::steady_now();
  ::shutdown(client_, SHUT_WR);
  const RelayOutcome end = outcome();
  EXPECT_GE(base::steady_now() - ended_at, kLimit);
  ASSERT_TRUE(end.error);
  EXPECT_EQ(end.error->code, base::ErrorCode::kIdleTimeout);
  ::close(client_);
  ::close(origin_);
}

INSTANTIATE_TEST_SUITE_P(Engines, RelayEndings,
                         testing::Values(test::Engine::kSockets, test::Engine::kStreams),
                         [](const auto& each) {
                           return each.param == test::Engine::kStreams ? "streams" : "sockets";
                         });

}  // namespace
}  // namespace net
