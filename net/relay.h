// Moves bytes both ways between two connected sockets until both directions have ended: the state
// machine behind every tunnel. It holds a buffer only while bytes are in flight.
//
// Each direction reads only when what it read before has been written: backpressure is the absence
// of a second buffer.
//
//   kFlowing ──EOF from the source──> kEnded   (after its bytes were written, FIN goes to the sink)
//   kFlowing ──error on either side─> the whole relay ends; a reset of the source goes on as a
//   reset of
//                                     the sink once the sink has got every byte that came before it
#pragma once

#include <cstdint>
#include <memory>
#include <optional>

#include "base/clock.h"
#include "base/error.h"
#include "net/chunk_pool.h"
#include "net/socket.h"
#include "net/timer_wheel.h"

namespace net {

struct RelayLimits {
  base::Millis idle{0};         // nothing moves in either direction
  base::Millis half_closed{0};  // the same, once one direction has ended
  base::Instant until = base::kNever;
};

struct RelayOutcome {
  std::uint64_t to_origin = 0;  // octets
  std::uint64_t to_client = 0;
  std::optional<base::Error> error;  // none: both sides ended in good order
};

class Relay final : private TimerWheel::Timer {
 public:
  class Listener {
   public:
    // Called once, from the loop, when everything is over. Must not destroy the relay, but may
    // defer that (Loop::defer).
    virtual void on_relay_end(RelayOutcome outcome) = 0;

   protected:
    ~Listener() = default;
  };

  // Takes the sockets over. Nothing moves before `start`.
  Relay(Loop& loop, ChunkPool& pool, std::unique_ptr<Socket> client, std::unique_ptr<Socket> origin,
        RelayLimits limits, Listener& listener);
  ~Relay() override;

  void start();
  // Ends the relay as if the error had happened.
  void stop(base::Error error);

  std::uint64_t to_origin() const { return up_.moved; }
  std::uint64_t to_client() const { return down_.moved; }

 private:
  enum class State : std::uint8_t { kFlowing, kEnded };

  struct Direction final : Waiter, ChunkPool::Waiter {
    Direction(Relay& owner, Socket& from, Socket& to) : relay(owner), source(from), sink(to) {}
    void on_ready() override { relay.pump(*this); }
    void on_chunk_available() override { relay.pump(*this); }

    Relay& relay;
    Socket& source;
    Socket& sink;
    std::unique_ptr<Chunk> chunk;  // only while bytes are in flight
    std::uint32_t start = 0;       // unwritten part of the chunk
    std::uint32_t end = 0;
    std::uint64_t moved = 0;
    State state = State::kFlowing;
  };

  enum class Step : std::uint8_t { kMoved, kWait, kOver };

  void pump(Direction& direction);
  Step step(Direction& direction);
  Step write_out(Direction& direction);
  Step read_in(Direction& direction);
  Step end_direction(Direction& direction);
  Step source_failed(Direction& direction, int cause);
  Step reset_after_delivery(Socket& sink);
  Step sink_failed(Direction& direction, int cause);
  void check_delivery();
  void finish(std::optional<base::Error> error);
  void arm();
  void on_timer() override;
  void give_back(Direction& direction);

  Loop& loop_;
  ChunkPool& pool_;
  std::unique_ptr<Socket> client_;
  std::unique_ptr<Socket> origin_;
  RelayLimits limits_;
  Listener& listener_;
  Direction up_;
  Direction down_;
  base::Instant last_active_;
  // kDelivering: a source was reset while its sink has yet to acknowledge bytes that came before.
  Socket* delivering_to_ = nullptr;
  base::Instant delivery_deadline_;
  std::optional<base::Error> error_;
  enum class Life : std::uint8_t { kNew, kRunning, kDelivering, kOver } life_ = Life::kNew;
};

}  // namespace net
