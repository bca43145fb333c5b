// What a StreamRelay owes beside delivery, which relay_chaos_test.cc shows.
#include "net/stream_relay.h"

#include <gtest/gtest.h>

#include "tests/unit/net/relay_fixture.h"

namespace net {
namespace {

using base::ErrorCode;
using namespace std::chrono_literals;
using test::pattern;

class StreamRelayTest : public test::RelayTest {
 protected:
  void SetUp() override {
    RelayTest::SetUp();
    engine_ = test::Engine::kStreams;
  }
};

TEST_F(StreamRelayTest, ForwardsAHalfCloseAndGoesOnTheOtherWay) {
  connect();
  start();
  write_all(client_, "question");
  ::shutdown(client_, SHUT_WR);
  EXPECT_EQ(read_all(origin_), "question");
  write_all(origin_, "answer");
  ::close(origin_);
  EXPECT_EQ(read_all(client_), "answer");
  ::close(client_);
  const RelayOutcome end = outcome();
  EXPECT_FALSE(end.error);
  EXPECT_EQ(end.to_origin, 8U);
  EXPECT_EQ(end.to_client, 6U);
}

TEST_F(StreamRelayTest, HoldsNoBufferWhileNothingMoves) {
  connect();
  start();
  write_all(client_, "x");
  char octet = 0;
  ASSERT_EQ(::recv(origin_, &octet, 1, 0), 1);
  on_loop([&] { EXPECT_EQ(buffers_->chunks.borrowed(), 0U); });
  ::close(client_);
  ::close(origin_);
  outcome();
}

TEST_F(StreamRelayTest, EndsWhenNothingMoves) {
  connect();
  start({50ms, 50ms, base::kNever});
  const RelayOutcome end = outcome();
  ASSERT_TRUE(end.error);
  EXPECT_EQ(end.error->code, ErrorCode::kIdleTimeout);
  ::close(client_);
  ::close(origin_);
}

TEST_F(StreamRelayTest, EndsWithAResetWhenASideDoesNotTakeWhatIsSentToIt) {
  connect(4096);
  start({50ms, 50ms, base::kNever});
  // No pattern: making one takes longer than the limit under a sanitizer, and nothing would be cut.
  std::thread writer([&] { write_all(client_, std::string(4'000'000, 'x')); });
  const RelayOutcome end = outcome();
  writer.join();
  ASSERT_TRUE(end.error);
  EXPECT_EQ(end.error->code, ErrorCode::kIdleTimeout);
  std::string sink(65536, '\0');
  ssize_t got = 1;
  while (got > 0) got = ::recv(origin_, sink.data(), sink.size(), 0);
  EXPECT_EQ(got, -1) << "a cut that looks like an end";
  ::close(client_);
  ::close(origin_);
}

TEST_F(StreamRelayTest, NoticesAResetOfASideWhoseOctetsWait) {
  connect(4096);
  start({60'000ms, 60'000ms, base::kNever});
  // Until nothing moves any more: the origin does not read.
  const std::string octets(4096, 'x');
  std::uint64_t moved = 1;
  for (std::uint64_t before = 0; moved != before;) {
    before = moved;
    while (::send(client_, octets.data(), octets.size(), MSG_DONTWAIT | MSG_NOSIGNAL) > 0) continue;
    on_loop([&] { moved = relay_->to_origin(); });
  }
  reset(client_);
  const RelayOutcome end = outcome();
  ASSERT_TRUE(end.error);
  EXPECT_EQ(end.error->code, ErrorCode::kClientClosed);
  ::close(origin_);
}

TEST_F(StreamRelayTest, NoticesAResetOfASideThatHasEnded) {
  for (const bool client_ends : {true, false}) {
    StreamRelayTest::SetUp();
    connect();
    start({60'000ms, 60'000ms, base::kNever});
    const int ending = client_ends ? client_ : origin_;
    const int other = client_ends ? origin_ : client_;
    ::shutdown(ending, SHUT_WR);
    EXPECT_EQ(read_all(other), "");
    reset(ending);
    const RelayOutcome end = outcome();
    // A client that has ended may be gone; an origin still owes the rest.
    EXPECT_EQ(end.error.has_value(), !client_ends);
    ::close(other);
    ended_ = {};
  }
}

TEST_F(StreamRelayTest, WaitsForAChunkWhenThereIsNone) {
  connect(4096);
  start({10'000ms, 10'000ms, base::kNever}, 1);
  // Both ways want the one chunk at once.
  const std::string much = pattern(300'000, 1);
  std::thread up([&] {
    write_all(client_, much);
    ::shutdown(client_, SHUT_WR);
  });
  std::thread down([&] {
    write_all(origin_, much);
    ::shutdown(origin_, SHUT_WR);
  });
  std::string at_origin;
  std::thread reader([&] { at_origin = read_all(origin_); });
  EXPECT_EQ(read_all(client_), much);
  reader.join();
  EXPECT_EQ(at_origin, much);
  up.join();
  down.join();
  ::close(client_);
  ::close(origin_);
  EXPECT_FALSE(outcome().error);
}

TEST_F(StreamRelayTest, StopCutsBothSidesOff) {
  connect();
  start();
  on_loop([&] { relay_->stop({ErrorCode::kCancelled, base::Party::kProxy, 0, "stopped"}); });
  const RelayOutcome end = outcome();
  ASSERT_TRUE(end.error);
  EXPECT_EQ(end.error->code, ErrorCode::kCancelled);
  char octet = 0;
  EXPECT_EQ(::recv(client_, &octet, 1, 0), -1);
  ::close(client_);
  ::close(origin_);
}

}  // namespace
}  // namespace net
