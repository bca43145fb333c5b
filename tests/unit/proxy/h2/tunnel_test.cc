#include "proxy/h2/tunnel.h"

#include "tests/unit/proxy/h2/link_fixture.h"

namespace proxy::h2 {
namespace {

using base::ErrorCode;
using base::Millis;
using http::h2::Code;
using testing::LinkTest;

// As a session does: the tunnel goes when its task has ended, on the same stack.
net::Task<base::Result<void>> carry(net::Loop& loop, net::ChunkPool& chunks,
                                    net::ChunkPool::Claim& claim, ClientStream& client,
                                    Connection origin, net::RelayLimits limits) {
  Tunnel tunnel(loop, chunks, claim, client.end(), std::move(origin), limits);
  auto running = tunnel.run();
  co_return co_await running;
}

// The client's stream at one end, a TCP connection at the other, whose far end is the test's.
class TunnelTest : public LinkTest {
 protected:
  void start(const net::RelayLimits& limits = {Millis(10'000), Millis(10'000)}, int buffer = 0) {
    open();
    const auto [far, near] = net::tcp_pair(buffer);
    origin_ = far;
    running_ =
        carry(loop_, turns_, claim_, *stream_,
              Connection(std::make_unique<net::Socket>(loop_, near, base::Party::kOrigin)), limits);
    running_.start();
  }
  ~TunnelTest() override {
    running_.cancel();
    if (origin_ >= 0) ::close(origin_);
  }

  // What the tunnel comes to; the stream is gone then.
  base::Result<void> outcome() {
    run_until([&] { return running_.done(); });
    auto result = running_.take();
    running_ = {};
    close();
    return result;
  }
  void send(std::string_view octets) {
    ASSERT_EQ(client_.send_content(*asked_, octets), octets.size());
  }
  // The next octets that come to the origin, "" at its end.
  std::string at_origin() {
    std::array<char, 4096> buffer;
    ssize_t got = -1;
    run_until([&] {
      got = ::recv(origin_, buffer.data(), buffer.size(), MSG_DONTWAIT);
      return got >= 0 || errno != EAGAIN;
    });
    return got < 0 ? "RST" : std::string(buffer.data(), static_cast<size_t>(got));
  }
  // The client goes on sending until nothing moves: all windows and buffers are full.
  void fill_origin() {
    const std::string content(32 * 1024, 'x');
    size_t before = 1;
    for (size_t sent = 0; sent != before;) {
      before = sent;
      for (int n = 0; n < 20; ++n) {
        sent += client_.send_content(*asked_, content);
        settle();
      }
    }
  }

  int origin_ = -1;
  net::Task<base::Result<void>> running_;
};

TEST_F(TunnelTest, EndsAreHalf) {
  start();
  send("question");
  client_.end(*asked_);
  EXPECT_EQ(at_origin(), "question");
  EXPECT_EQ(at_origin(), "");
  net::write_all(origin_, "answer");
  run_until([&] { return asked_->waiting() == 6; });
  EXPECT_FALSE(running_.done());
  ::shutdown(origin_, SHUT_WR);
  EXPECT_TRUE(outcome());
  run_until([&] { return asked_->peer_ended(); });
  EXPECT_EQ(asked_->closed(), Code::kNoError);
}

TEST_F(TunnelTest, TheOriginMayEndFirst) {
  start();
  ::shutdown(origin_, SHUT_WR);
  run_until([&] { return asked_->peer_ended(); });
  send("still going");
  EXPECT_EQ(at_origin(), "still going");
  client_.end(*asked_);
  EXPECT_EQ(at_origin(), "");
  EXPECT_TRUE(outcome());
}

// Many wait for the stream to be closed before they look at what came; and it takes a place.
TEST_F(TunnelTest, ASilentClientHasEndedSoonAfterTheOrigin) {
  start();
  send("question");
  EXPECT_EQ(at_origin(), "question");
  const base::Instant began = base::steady_now();
  ::shutdown(origin_, SHUT_WR);
  EXPECT_TRUE(outcome());
  EXPECT_GE(base::steady_now() - began, Millis(900));
  EXPECT_LT(base::steady_now() - began, Millis(9'000));
  EXPECT_EQ(at_origin(), "");
  EXPECT_TRUE(asked_->peer_ended());
  run_until([&] { return asked_->closed().has_value(); });
  EXPECT_EQ(asked_->closed(), Code::kNoError);
}

TEST_F(TunnelTest, AClientThatStillSendsBehindTheOriginsEndLosesNothing) {
  start();
  ::shutdown(origin_, SHUT_WR);
  run_until([&] { return asked_->peer_ended(); });
  for (int n = 0; n < 4; ++n) {
    send("more");
    EXPECT_EQ(at_origin(), "more");
    const base::Instant until = base::steady_now() + Millis(400);
    run_until([&] { return base::steady_now() >= until; });
  }
  client_.end(*asked_);
  EXPECT_EQ(at_origin(), "");
  EXPECT_TRUE(outcome());
}

TEST_F(TunnelTest, HasALimitOnceASideHasEnded) {
  start({Millis(10'000), Millis(50)});
  const base::Instant began = base::steady_now();
  client_.end(*asked_);
  const auto result = outcome();
  EXPECT_LT(base::steady_now() - began, Millis(5'000));
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().code, ErrorCode::kIdleTimeout);
}

TEST_F(TunnelTest, TheTotalLimitEndsIt) {
  start({Millis(10'000), Millis(10'000), loop_.now() + Millis(50)});
  ASSERT_FALSE(outcome());
  EXPECT_EQ(at_origin(), "RST");
}

TEST_F(TunnelTest, GivesUpOnAnOriginThatTakesNothing) {
  start({Millis(200), Millis(200)}, 4096);
  run_until([&] {
    client_.send_content(*asked_, std::string(4096, 'x'));
    return running_.done();
  });
  const auto result = outcome();
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().code, ErrorCode::kIdleTimeout);
}

TEST_F(TunnelTest, GivesUpOnAClientThatTakesNothing) {
  start({Millis(200), Millis(200)}, 4096);
  ::fcntl(origin_, F_SETFL, O_NONBLOCK);
  const std::string content(4096, 'x');
  run_until([&] {
    std::ignore = ::send(origin_, content.data(), content.size(), MSG_NOSIGNAL);
    return running_.done();
  });
  const auto result = outcome();
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().code, ErrorCode::kIdleTimeout);
}

TEST_F(TunnelTest, AResetOfTheClientIsOneForTheOrigin) {
  start();
  send("x");
  EXPECT_EQ(at_origin(), "x");
  client_.reset(*asked_, Code::kCancel);
  const auto result = outcome();
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().code, ErrorCode::kClientClosed);
  EXPECT_EQ(at_origin(), "RST");
}

TEST_F(TunnelTest, AResetOfTheClientIsNoticedWhileTheOriginTakesNothing) {
  start({Millis(10'000), Millis(10'000)}, 4096);
  fill_origin();
  client_.reset(*asked_, Code::kCancel);
  settle();
  EXPECT_TRUE(running_.done());
  const auto result = outcome();
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().code, ErrorCode::kClientClosed);
}

TEST_F(TunnelTest, AClientThatHangsUpIsNoticedWhileTheOriginTakesNothing) {
  start({Millis(10'000), Millis(10'000)}, 4096);
  fill_origin();
  hang_up();
  run_alone_until([&] { return over_; });
  EXPECT_TRUE(running_.done());
}

TEST_F(TunnelTest, AResetOfTheClientIsNoticedAfterItsEnd) {
  start();
  client_.end(*asked_);
  EXPECT_EQ(at_origin(), "");
  client_.reset(*asked_, Code::kCancel);
  settle();
  EXPECT_TRUE(running_.done());
  // It had said all it had to, and nothing was on its way to it.
  EXPECT_TRUE(outcome());
}

TEST_F(TunnelTest, AResetOfTheOriginIsOneForTheClient) {
  start();
  net::reset(std::exchange(origin_, -1));
  const auto result = outcome();
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().code, ErrorCode::kOriginReset);
  run_until([&] { return asked_->closed().has_value(); });
}

TEST_F(TunnelTest, MayGoInTheMiddle) {
  start({Millis(10'000), Millis(10'000)}, 4096);
  fill_origin();
  net::write_all(origin_, "x");
  running_.cancel();
  close();
  run_until([&] { return asked_->closed().has_value(); });
}

}  // namespace
}  // namespace proxy::h2
