// Moves bytes both ways between two streams, at least one of which has a layer (TLS), by copying.
// Holds a chunk for a direction only while octets are in flight, and does without when the client
// may have no more, as Relay does; but octets of a source with a layer can't be looked at and left,
// so such a flow waits for a chunk. What a TLS stream waits for need not be what one wants of it,
// so every edge of either connection tries both ways.
//
//   kRunning ──both directions ended──> kClosing ──all of it is out──> kOver
//      │                                └─a side takes no more of it, or broke──> kOver, with a
//      reset ├─one side broke──> kDelivering ──the other got every octet of before──> kOver, with a
//      reset └─one side broke while octets of its own wait here──> kOver, with a reset
#pragma once

#include <cstdint>
#include <memory>
#include <optional>

#include "net/carrier.h"
#include "net/chunk_pool.h"
#include "net/stream.h"
#include "net/timer_wheel.h"
#include "net/tunnel.h"

namespace net {

class StreamRelay final : public Tunnel,
                          private TimerWheel::Timer,
                          private net::Waiter,
                          private ChunkPool::Waiter {
 public:
  // One connection; `carrier` is at the bottom of `stream`.
  struct End {
    std::unique_ptr<Stream> stream;
    Carrier& carrier;
    size_t unsent = 0;  // in kClosing, when it was looked at last
  };

  // `claim` is the client's.
  StreamRelay(Loop& loop, ChunkPool& chunks, ChunkPool::Claim& claim, End client, End origin,
              RelayLimits limits, Listener& listener);
  ~StreamRelay() override;

  void start() override;
  void stop(base::Error error) override;
  std::uint64_t to_origin() const override { return up_.moved; }
  std::uint64_t to_client() const override { return down_.moved; }

 private:
  enum class State : std::uint8_t { kFlowing, kEnded };
  enum class Step : std::uint8_t { kMoved, kBlocked, kNoChunk, kOver };

  struct Flow {
    End& source;
    End& sink;
    base::Instant moved_at;
    std::uint64_t moved = 0;
    std::unique_ptr<Chunk> chunk = nullptr;
    std::uint32_t start = 0;  // unwritten part of the chunk
    std::uint32_t end = 0;
    State state = State::kFlowing;
    // Whether octets that were looked at wait in the source for the sink.
    enum class HeldBack : std::uint8_t { kNone, kSome } held_back = HeldBack::kNone;

    bool in_flight() const { return chunk != nullptr || held_back == HeldBack::kSome; }
  };

  void on_ready() override;
  void on_chunk_available() override { on_ready(); }
  void on_timer() override;
  void pump();
  Step step(Flow& flow);
  Step take_in(Flow& flow);
  Step hand_over(Flow& flow);
  Step no_octets(Flow& flow, const IoResult& got);
  Step write(Flow& flow);
  void drop(Flow& flow);
  void look_after(Flow& flow);
  void source_failed(Flow& flow, int cause);
  void sink_failed(Flow& flow, int cause);
  void reset_both_on_close();
  void end_flow(Flow& flow);
  void reset_after_delivery(const End& sink);
  void wait_until_closed();
  bool is_closed(End& end);
  void wait_until_delivered();
  void finish(std::optional<base::Error> error);
  TunnelStatus status() const;
  void arm();
  bool both_ended() const { return up_.state == State::kEnded && down_.state == State::kEnded; }
  bool in_flight() const { return up_.in_flight() || down_.in_flight(); }
  Flow& other_of(Flow& flow) { return &flow == &up_ ? down_ : up_; }
  void set_waiters(net::Waiter* waiter);

  Loop& loop_;
  ChunkPool& chunks_;
  ChunkPool::Claim& claim_;
  End client_;
  End origin_;
  RelayLimits limits_;
  Listener& listener_;
  Flow up_;
  Flow down_;
  const End* delivering_to_ = nullptr;
  base::Instant closing_from_;
  base::Instant deadline_;  // of kClosing and kDelivering
  std::optional<base::Error> error_;
  enum class Life : std::uint8_t {
    kNew,
    kRunning,
    kClosing,
    kDelivering,
    kOver
  } life_ = Life::kNew;
};

}  // namespace net
