#include "net/relay.h"

#include <gtest/gtest.h>
#include <linux/sockios.h>
#include <sys/ioctl.h>

#include <thread>

#include "tests/unit/net/relay_fixture.h"

namespace net {
namespace {

using namespace std::chrono_literals;
using test::pattern;
using test::RelayTest;

TEST_F(RelayTest, CarriesBytesBothWaysAndBothEnds) {
  connect();
  start();
  write_all(client_, "ping");
  ::shutdown(client_, SHUT_WR);
  EXPECT_EQ(read_all(origin_), "ping");
  write_all(origin_, "pong");
  ::close(origin_);
  EXPECT_EQ(read_all(client_), "pong");
  const RelayOutcome end = outcome();
  EXPECT_FALSE(end.error);
  EXPECT_EQ(end.to_origin, 4U);
  EXPECT_EQ(end.to_client, 4U);
  ::close(client_);
}

TEST_F(RelayTest, KeepsTheOtherDirectionOpenAfterAHalfClose) {
  connect();
  start();
  ::shutdown(origin_, SHUT_WR);
  EXPECT_EQ(read_all(client_), "");
  write_all(client_, "still going");
  ::shutdown(client_, SHUT_WR);
  EXPECT_EQ(read_all(origin_), "still going");
  EXPECT_FALSE(outcome().error);
  ::close(client_);
  ::close(origin_);
}

TEST_F(RelayTest, MovesMuchThroughTinyBuffersBothWaysAtOnce) {
  connect(4096);
  start({10s, 10s, base::kNever}, 1);  // and a single chunk for both directions
  const std::string up = pattern(3'000'000, 1);
  const std::string down = pattern(2'000'000, 7);
  std::thread writer_up([&] {
    write_all(client_, up);
    ::shutdown(client_, SHUT_WR);
  });
  std::thread writer_down([&] {
    write_all(origin_, down);
    ::shutdown(origin_, SHUT_WR);
  });
  std::string got_down;
  std::thread reader([&] { got_down = read_all(client_); });
  EXPECT_EQ(read_all(origin_), up);
  reader.join();
  writer_up.join();
  writer_down.join();
  EXPECT_EQ(got_down, down);
  const RelayOutcome end = outcome();
  EXPECT_FALSE(end.error);
  EXPECT_EQ(end.to_origin, up.size());
  EXPECT_EQ(end.to_client, down.size());
  ::close(client_);
  ::close(origin_);
}

TEST_F(RelayTest, PassesAResetOnAfterTheBytesBeforeIt) {
  connect();
  start();
  write_all(origin_, "last words");
  // The reset must not overtake the bytes on the way into the relay either: wait until they are
  // there.
  char peek[16];
  ASSERT_EQ(::recv(client_, peek, sizeof peek, MSG_PEEK), 10);
  reset(origin_);
  EXPECT_EQ(read_all(client_), "last wordsRST");
  const RelayOutcome end = outcome();
  ASSERT_TRUE(end.error);
  EXPECT_EQ(end.error->party, base::Party::kOrigin);
  EXPECT_EQ(end.error->code, base::ErrorCode::kOriginReset);
  ::close(client_);
}

TEST_F(RelayTest, PassesAClientsResetToTheOrigin) {
  connect();
  start();
  reset(client_);
  EXPECT_EQ(read_all(origin_), "RST");
  const RelayOutcome end = outcome();
  ASSERT_TRUE(end.error);
  EXPECT_EQ(end.error->code, base::ErrorCode::kClientClosed);
  ::close(origin_);
}

TEST_F(RelayTest, HoldsNoBufferWhileIdle) {
  connect();
  start();
  write_all(client_, "x");
  char octet = 0;
  ASSERT_EQ(::recv(origin_, &octet, 1, 0), 1);
  on_loop([&] { EXPECT_EQ(buffers_->chunks.borrowed() + buffers_->pipes.borrowed(), 0U); });
  ::close(client_);
  ::close(origin_);
  outcome();
}

TEST_F(RelayTest, StopsReadingWhenTheSinkIsFull) {
  connect(4096);
  start();
  const std::string much = pattern(4'000'000, 3);
  std::thread writer([&] {
    write_all(client_, much);
    ::shutdown(client_, SHUT_WR);
  });
  // Nobody reads at the origin: at most one chunk is held, whatever the client sends.
  for (int i = 0; i < 50; ++i)
    on_loop([&] { EXPECT_LE(buffers_->chunks.borrowed() + buffers_->pipes.borrowed(), 1U); });
  EXPECT_EQ(read_all(origin_), much);
  writer.join();
  ::close(origin_);
  EXPECT_FALSE(outcome().error);
  ::close(client_);
}

// A pot of no chunks stands for a client that has its share already.
class RelayWithoutChunks : public RelayTest, public testing::WithParamInterface<test::Engine> {
 protected:
  void SetUp() override {
    RelayTest::SetUp();
    engine_ = GetParam();
    max_pipes_ = 0;
  }
  static constexpr RelayLimits kLimits{base::Millis(10'000), base::Millis(10'000)};
};

TEST_P(RelayWithoutChunks, GoesOnAndKeepsNothing) {
  connect(4096);
  start(kLimits, 0);
  const std::string up = pattern(2'000'000, 3);
  const std::string down = pattern(1'000'000, 4);
  std::thread client([&] {
    write_all(client_, up);
    ::shutdown(client_, SHUT_WR);
  });
  std::thread origin([&] {
    write_all(origin_, down);
    ::shutdown(origin_, SHUT_WR);
  });
  std::string seen_down;
  std::thread reader([&] { seen_down = read_all(client_); });
  EXPECT_EQ(read_all(origin_), up);
  for (std::thread* each : {&client, &origin, &reader}) each->join();
  EXPECT_EQ(seen_down, down);
  const RelayOutcome end = outcome();
  EXPECT_FALSE(end.error);
  EXPECT_EQ(end.to_origin, up.size());
  EXPECT_EQ(end.to_client, down.size());
  ::close(client_);
  ::close(origin_);
}

TEST_P(RelayWithoutChunks, DeliversWhatCameBeforeAReset) {
  connect();
  start(kLimits, 0);
  write_all(client_, "last words");
  char peek[16];
  ASSERT_EQ(::recv(origin_, peek, sizeof peek, MSG_PEEK), 10);
  reset(client_);
  EXPECT_EQ(read_all(origin_), "last wordsRST");
  EXPECT_EQ(outcome().error->code, base::ErrorCode::kClientClosed);
  ::close(origin_);
}

TEST_P(RelayWithoutChunks, EndsAClientThatTakesNothing) {
  connect(4096);
  start({base::Millis(200), base::Millis(10'000)}, 0);
  const std::string much = pattern(4'000'000, 5);
  std::thread writer([&] { write_all(origin_, much); });
  const RelayOutcome end = outcome();
  ASSERT_TRUE(end.error);
  EXPECT_EQ(end.error->code, base::ErrorCode::kIdleTimeout);
  writer.join();
  ::close(client_);
  ::close(origin_);
}

INSTANTIATE_TEST_SUITE_P(Engines, RelayWithoutChunks,
                         testing::Values(test::Engine::kSockets, test::Engine::kStreams));

// Without limits on the kernel's buffers a flood fills chunks, and the kernel moves what follows.
TEST_F(RelayTest, SplicesABulkyDirectionAndHoldsOnePipeWhileTheSinkIsFull) {
  connect();
  start();
  const std::string much = pattern(30'000'000, 5);
  std::thread writer([&] {
    write_all(client_, much);
    ::shutdown(client_, SHUT_WR);
  });
  std::uint32_t pipes = 0;
  while (pipes == 0) {
    on_loop([&] {
      pipes = buffers_->pipes.borrowed();
      EXPECT_LE(pipes + buffers_->chunks.borrowed(), 1U);
    });
  }
  EXPECT_EQ(read_all(origin_), much);
  on_loop([&] { EXPECT_EQ(buffers_->pipes.borrowed(), 0U) << "idle again"; });
  writer.join();
  ::close(origin_);
  const RelayOutcome end = outcome();
  EXPECT_FALSE(end.error);
  EXPECT_EQ(end.to_origin, much.size());
  ::close(client_);
}

TEST_F(RelayTest, CopiesWhereThereAreNoPipes) {
  connect();
  max_pipes_ = 0;
  start();
  const std::string much = pattern(3'000'000, 5);
  std::thread writer([&] {
    write_all(client_, much);
    ::shutdown(client_, SHUT_WR);
  });
  EXPECT_EQ(read_all(origin_), much);
  writer.join();
  ::close(origin_);
  EXPECT_FALSE(outcome().error);
  ::close(client_);
}

TEST_F(RelayTest, PassesAResetOnAfterBulkThatWasSpliced) {
  connect();
  start();
  const std::string much = pattern(8'000'000, 11);
  std::string got;
  std::thread reader([&] { got = read_all(client_); });
  write_all(origin_, much);
  // All of it is with the relay or beyond once the origin's send queue is empty.
  int unsent = 1;
  while (unsent > 0) ASSERT_EQ(::ioctl(origin_, SIOCOUTQ, &unsent), 0);
  std::uint64_t moved = 0;
  while (moved < much.size()) on_loop([&] { moved = relay_->to_client(); });
  reset(origin_);
  reader.join();
  EXPECT_EQ(got, much + "RST");
  const RelayOutcome end = outcome();
  ASSERT_TRUE(end.error);
  EXPECT_EQ(end.error->code, base::ErrorCode::kOriginReset);
  ::close(client_);
}

}  // namespace
}  // namespace net
