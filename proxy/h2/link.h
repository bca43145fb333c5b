// Drives one HTTP/2 connection over a stream: reads and writes as far as they go without waiting,
// and tells its owner on which streams something happened. Every edge of the connection tries both
// ways, since what TLS waits for need not be what one wants of it.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/error.h"
#include "http/h2/connection.h"
#include "net/chunk_pool.h"
#include "net/loop.h"
#include "net/stream.h"

namespace proxy::h2 {

class Link final : private net::Waiter, private net::ChunkPool::Waiter {
 public:
  // Told from the loop, never from a call of the link's members. Must not destroy the link.
  class Owner {
   public:
    // Before anything else of a turn: the time to let go of what is done with.
    virtual void on_turn() = 0;
    virtual void on_stream(http::h2::Stream& stream) = 0;
    // Nothing moves any more.
    virtual void on_link_over() = 0;

   protected:
    ~Owner() = default;
  };

  using Allowance = std::shared_ptr<http::h2::Allowance>;

  // Everything referred to outlives the link, the stream until it is over. `allowance` is that of
  // the client who is served.
  Link(net::Loop& loop, net::ChunkPool& turns, net::Stream& stream, http::h2::Connection::Role role,
       const http::h2::Settings& settings, Owner& owner, Allowance allowance = nullptr);
  ~Link() override;

  // `early` has been read from the stream before.
  void start(std::string early = {});

  http::h2::Connection& connection() { return connection_; }
  // Something was done to the connection that the peer should hear of soon.
  void kick();

  bool over() const { return life_ == Life::kOver; }
  // Why it is over, as the streams' error: the peer's end, a failure of the connection, or a breach
  // of the protocol.
  const base::Error& error() const { return *error_; }
  base::Party peer() const { return peer_; }
  net::Loop& loop() { return loop_; }

 private:
  enum class Life : std::uint8_t { kNew, kRunning, kOver };

  void on_ready() override { turn(); }
  void on_chunk_available() override;
  void turn();
  void read();
  void write();
  bool dispatch();
  void end(base::Error error);
  void set_waiters(net::Waiter* waiter);

  net::Loop& loop_;
  net::ChunkPool& turns_;
  net::Stream& stream_;  // not touched once the link is over
  base::Party peer_;
  Owner& owner_;
  http::h2::Connection connection_;
  std::optional<base::Error> error_;
  Life life_ = Life::kNew;
  std::string early_;
  enum class Turn : std::uint8_t { kNone, kComing } turn_ = Turn::kNone;
};

}  // namespace proxy::h2
