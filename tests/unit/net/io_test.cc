#include "net/io.h"

#include <gtest/gtest.h>

#include <array>
#include <string>

#include "net/socket.h"
#include "tests/unit/net/loopback.h"
#include "tests/unit/net/on_loop.h"

namespace net {
namespace {

using base::ErrorCode;
using base::Party;

constexpr base::Millis kShort{20};
constexpr base::Millis kLong{10'000};

Task<std::string> read_to_end(Stream& stream) {
  std::string all;
  std::array<char, 1000> buffer{};
  for (;;) {
    Task<base::Result<size_t>> reading = read_some(stream, buffer, {kLong});
    const base::Result<size_t> got = co_await reading;
    if (!got || *got == 0) co_return all;
    all.append(buffer.data(), *got);
  }
}

Task<bool> write_then_close(Stream& stream, const std::string& text) {
  Task<base::Result<void>> writing = write_all(stream, text, {kLong});
  const base::Result<void> put = co_await writing;
  stream.shutdown_write();
  co_return put.has_value();
}

struct Io : ::testing::Test {
  void SetUp() override { std::tie(near, far) = socket_pair(loop); }
  base::Result<size_t> read(Stream& stream, Patience patience) {
    return test::run(loop, read_some(stream, buffer, patience));
  }
  Loop loop;
  std::unique_ptr<Socket> near;  // party: client
  std::unique_ptr<Socket> far;   // party: origin
  std::array<char, 100> buffer{};
};

TEST_F(Io, ReadsWhatIsThereAtOnce) {
  ASSERT_TRUE(test::run(loop, write_all(*far, "hello", {kShort})));
  EXPECT_EQ(*read(*near, {kLong}), 5U);
}

TEST_F(Io, CountsWhatWasWrittenOfAWriteThatFails) {
  const std::string much(50'000'000, 'x');
  std::uint64_t octets = 0;
  const auto written = test::run(loop, write_all(*far, much, {}, {}, {kShort}, octets));
  ASSERT_FALSE(written);
  EXPECT_GT(octets, 0U);
  EXPECT_LT(octets, much.size());
}

TEST_F(Io, ReadGivesZeroAtTheEnd) {
  far->shutdown_write();
  EXPECT_EQ(*read(*near, {kLong}), 0U);
}

TEST_F(Io, ReadRunsOutOfPatienceAndNamesTheParty) {
  const auto of_client = read(*near, {kShort});
  EXPECT_EQ(of_client.error().code, ErrorCode::kIdleTimeout);
  EXPECT_EQ(of_client.error().party, Party::kClient);
  EXPECT_EQ(read(*far, {kShort}).error().party, Party::kOrigin);
}

TEST_F(Io, TheOuterDeadlineBoundsPatience) {
  const base::Instant before = base::steady_now();
  const auto got = read(*near, {kLong, loop.now() + kShort});
  EXPECT_EQ(got.error().code, ErrorCode::kIdleTimeout);
  EXPECT_LT(base::steady_now() - before, kLong);
}

TEST_F(Io, WritesMoreThanTheSocketHolds) {
  std::string text;
  for (int i = 0; i < 300'000; ++i) text += std::to_string(i);
  Task<bool> writing = write_then_close(*far, text);
  writing.start();
  EXPECT_FALSE(writing.done());
  EXPECT_EQ(test::run(loop, read_to_end(*near)), text);
  EXPECT_TRUE(writing.take());
}

TEST_F(Io, WritesPiecesInOrderAndSkipsEmptyOnes) {
  ASSERT_TRUE(test::run(loop, write_all(*far, "", "head", "", {kLong})));
  ASSERT_TRUE(test::run(loop, write_all(*far, "1", "2", "3", {kLong})));
  ASSERT_TRUE(test::run(loop, write_all(*far, "", {kLong})));
  far->shutdown_write();
  EXPECT_EQ(test::run(loop, read_to_end(*near)), "head123");
}

TEST_F(Io, WriteRunsOutOfPatienceWithAPeerThatDoesNotRead) {
  const std::string flood(8 << 20, 'x');
  const auto put = test::run(loop, write_all(*near, flood, {kShort}));
  EXPECT_EQ(put.error().code, ErrorCode::kIdleTimeout);
  EXPECT_EQ(put.error().party, Party::kClient);
}

TEST_F(Io, WritingToAPeerThatIsGoneIsItsReset) {
  near.reset();
  const auto put = test::run(loop, write_all(*far, "anyone?", {kShort}));
  EXPECT_EQ(put.error().code, ErrorCode::kOriginReset);
  EXPECT_EQ(put.error().cause, EPIPE);
}

TEST_F(Io, AResetOfTheClientIsKClientClosed) {
  const auto [a, b] = test::nonblocking_pair();
  near = std::make_unique<Socket>(loop, a, Party::kClient);
  far = std::make_unique<Socket>(loop, b, Party::kOrigin);
  far->reset_on_close();
  far.reset();
  const auto got = read(*near, {kLong});
  EXPECT_EQ(got.error().code, ErrorCode::kClientClosed);
  EXPECT_EQ(got.error().cause, ECONNRESET);
}

TEST_F(Io, AbortEndsAWaitingRead) {
  Task<base::Result<size_t>> reading = read_some(*near, buffer, {kLong});
  reading.start();
  near->abort();
  test::run_until(loop, [&] { return reading.done(); });
  EXPECT_EQ(*reading.take(), 0U);
}

TEST_F(Io, CountsWhatThePeerHasNotAcknowledged) {
  const auto [a, b] = test::nonblocking_pair();
  near = std::make_unique<Socket>(loop, a, Party::kClient);
  far = std::make_unique<Socket>(loop, b, Party::kOrigin);
  EXPECT_EQ(near->unsent(), 0U);
  const std::string flood(1 << 20, 'x');
  while (near->try_write(std::array<std::string_view, 1>{flood}).kind == IoResult::Kind::kDone) {
  }
  EXPECT_GT(near->unsent(), 0U);
}

}  // namespace
}  // namespace net
