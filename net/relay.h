// Moves bytes both ways between two connected sockets until both directions have ended: the state
// machine behind every tunnel. It holds a buffer only while bytes are in flight (direction.h).
//
//   kFresh ──timer, 30 s──> kRunning ──both directions ended──> kOver
//      │ └─EOF from one source: FIN goes to its sink after its octets; the other direction goes on
//      └─one side broke──> kDelivering ──the other got every octet of before──> kOver, with a reset
//
// All that kRunning does kFresh does as well.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>

#include "base/clock.h"
#include "base/error.h"
#include "net/direction.h"
#include "net/loop.h"
#include "net/socket.h"
#include "net/timer_wheel.h"
#include "net/tunnel.h"

namespace net {

class Relay final : public Tunnel, private TimerWheel::Timer {
 public:
  // Takes the sockets over. `claim` is the client's.
  Relay(Loop& loop, RelayBuffers& buffers, RelayClaim& claim, std::unique_ptr<Socket> client,
        std::unique_ptr<Socket> origin, RelayLimits limits, Listener& listener);
  ~Relay() override;

  void start() override;
  void stop(base::Error error) override;
  std::uint64_t to_origin() const override { return up_.flow.moved(); }
  std::uint64_t to_client() const override { return down_.flow.moved(); }

 private:
  enum class State : std::uint8_t { kFlowing, kEnded };

  struct Side final : Waiter, ChunkPool::Waiter {
    Side(Relay& owner, RelayClaim& claim, Socket& from, Socket& to)
        : relay(owner), flow(owner.buffers_, claim, from, to, owner.loop_.now()) {}
    void on_ready() override { relay.pump(*this); }
    void on_chunk_available() override { relay.pump(*this); }

    Relay& relay;
    Direction flow;
    State state = State::kFlowing;
  };

  void pump(Side& side);
  void act_on(Side& side, Direction::Step step);
  void end_direction(Side& side);
  void source_failed(Side& side);
  void sink_failed(Side& side, int cause);
  void look_after_ended(Side& side);
  void reset_after_delivery(Socket& sink);
  void reset_both_on_close();
  void check_delivery();
  void finish(std::optional<base::Error> error);
  bool running() const { return life_ == Life::kFresh || life_ == Life::kRunning; }
  bool half_closed() const { return up_.state != down_.state; }
  void arm();
  void on_timer() override;
  TunnelStatus status() const;
  bool in_flight() const { return up_.flow.in_flight() || down_.flow.in_flight(); }
  Side& other_of(Side& side) { return &side == &up_ ? down_ : up_; }

  Loop& loop_;
  RelayBuffers& buffers_;
  std::unique_ptr<Socket> client_;
  std::unique_ptr<Socket> origin_;
  RelayLimits limits_;
  Listener& listener_;
  Side up_;
  Side down_;
  // kDelivering: one side is gone while the other has yet to acknowledge octets that came before.
  Socket* delivering_to_ = nullptr;
  base::Instant delivery_deadline_;
  std::optional<base::Error> error_;
  enum class Life : std::uint8_t { kNew, kFresh, kRunning, kDelivering, kOver } life_ = Life::kNew;
};

}  // namespace net
