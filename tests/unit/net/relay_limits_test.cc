// The times that end a relay.
#include <gtest/gtest.h>

#include <atomic>
#include <thread>

#include "tests/unit/net/relay_fixture.h"

namespace net {
namespace {

using namespace std::chrono_literals;
using test::pattern;
using test::RelayTest;

TEST_F(RelayTest, EndsAfterSilenceInBothDirections) {
  connect();
  start({50ms, 10s, base::kNever});
  EXPECT_EQ(read_all(client_), "");
  const RelayOutcome end = outcome();
  ASSERT_TRUE(end.error);
  EXPECT_EQ(end.error->code, base::ErrorCode::kIdleTimeout);
  ::close(client_);
  ::close(origin_);
}

TEST_F(RelayTest, EndsSoonerOnceHalfClosed) {
  connect();
  start({10min, 50ms, base::kNever});
  ::shutdown(client_, SHUT_WR);
  const RelayOutcome end = outcome();
  ASSERT_TRUE(end.error);
  EXPECT_EQ(end.error->code, base::ErrorCode::kIdleTimeout);
  ::close(client_);
  ::close(origin_);
}

TEST_F(RelayTest, EndsAtTheTotalDeadlineHoweverBusy) {
  connect();
  start({10s, 10s, loop_.now() + 50ms});
  const RelayOutcome end = outcome();
  ASSERT_TRUE(end.error);
  EXPECT_EQ(end.error->code, base::ErrorCode::kTotalTimeout);
  ::close(client_);
  ::close(origin_);
}

TEST_F(RelayTest, EndsWhenASideTakesNothingThoughItTalks) {
  connect(4096);
  start({200ms, 10s, base::kNever});
  std::atomic<bool> over = false;
  std::thread flood([&] { write_all(origin_, pattern(4'000'000, 9)); });
  // The client never reads, but sends all the time.
  std::thread talk([&] {
    while (!over && ::send(client_, "x", 1, MSG_NOSIGNAL) == 1) {
      char octet = 0;
      ::recv(origin_, &octet, 1, 0);
    }
  });
  const RelayOutcome end = outcome();
  over = true;
  ASSERT_TRUE(end.error);
  EXPECT_EQ(end.error->code, base::ErrorCode::kIdleTimeout);
  EXPECT_EQ(end.error->party, base::Party::kClient);
  EXPECT_GT(end.to_origin, 0U);
  flood.join();
  talk.join();
  ::close(client_);
  ::close(origin_);
}

}  // namespace
}  // namespace net
