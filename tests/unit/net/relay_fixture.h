// What the tests of a relay share.
#pragma once

#include <gtest/gtest.h>

#include <csignal>
#include <functional>
#include <future>
#include <memory>
#include <string>
#include <thread>
#include <tuple>

#include "net/loop.h"
#include "net/relay.h"
#include "net/stream_relay.h"
#include "tests/unit/net/tcp_pair.h"

namespace net::test {

enum class Engine { kSockets, kStreams };  // Relay, StreamRelay

// A relay between two TCP connections whose far ends are in the test's hand. The loop runs on a
// thread of its own until the relay has ended.
class RelayTest : public testing::Test, public Tunnel::Listener {
 protected:
  // As main does (splice.h).
  void SetUp() override { ::signal(SIGPIPE, SIG_IGN); }

  void connect(int buffer = 0) {
    std::tie(client_, client_near_) = tcp_pair(buffer);
    std::tie(origin_, origin_near_) = tcp_pair(buffer);
  }

  void start(RelayLimits limits = {base::Millis(10'000), base::Millis(10'000), base::kNever},
             std::uint32_t max_chunks = 64) {
    buffers_ = std::make_unique<RelayBuffers>(loop_, max_chunks, max_pipes_);
    auto client = std::make_unique<Socket>(loop_, client_near_, base::Party::kClient);
    auto origin = std::make_unique<Socket>(loop_, origin_near_, base::Party::kOrigin);
    Tunnel::Listener& self = *this;
    if (engine_ == Engine::kSockets) {
      relay_ = std::make_unique<Relay>(loop_, *buffers_, claim_, std::move(client),
                                       std::move(origin), limits, self);
    } else {
      Carrier& client_carrier = *client;
      Carrier& origin_carrier = *origin;
      relay_ = std::make_unique<StreamRelay>(loop_, buffers_->chunks, claim_.chunks,
                                             StreamRelay::End{std::move(client), client_carrier},
                                             StreamRelay::End{std::move(origin), origin_carrier},
                                             limits, self);
    }
    relay_->start();
    thread_ = std::thread([this] { loop_.run(); });
  }

  void on_relay_end(RelayOutcome outcome) override {
    loop_.defer([this, outcome] {
      borrowed_at_end_ = buffers_->chunks.borrowed() + buffers_->pipes.borrowed();
      relay_.reset();
      loop_.stop();
      ended_.set_value(outcome);
    });
  }

  RelayOutcome outcome() {
    RelayOutcome result = ended_.get_future().get();
    thread_.join();
    EXPECT_EQ(borrowed_at_end_, 0U) << "a finished relay still holds a buffer";
    return result;
  }

  // Runs `look` on the loop's thread.
  void on_loop(const std::function<void()>& look) {
    std::promise<void> done;
    loop_.post([&] {
      look();
      done.set_value();
    });
    done.get_future().get();
  }

  Loop loop_;
  std::unique_ptr<RelayBuffers> buffers_;
  RelayClaim claim_;
  std::unique_ptr<Tunnel> relay_;
  Engine engine_ = Engine::kSockets;
  std::thread thread_;
  std::promise<RelayOutcome> ended_;
  std::uint32_t max_pipes_ = 8;
  size_t borrowed_at_end_ = 0;
  int client_ = -1, client_near_ = -1, origin_ = -1, origin_near_ = -1;
};

inline std::string pattern(size_t octets, unsigned seed) {
  std::string out(octets, '\0');
  for (size_t i = 0; i < octets; ++i) out[i] = static_cast<char>((i * 31 + seed + i / 251) & 0xff);
  return out;
}

}  // namespace net::test
