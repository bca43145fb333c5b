#include "net/relay.h"

#include <algorithm>
#include <cassert>
#include <cerrno>

#include "net/io.h"

namespace net {
namespace {

// Octets that a direction may move before others get their turn.
constexpr std::uint64_t kOctetsPerTurn = 1024 * 1024;

// How long a reset is held back for bytes that were sent before it.
constexpr std::chrono::seconds kDeliveryLimit{2};

// A tunnel this old is there to stay, and worth the system calls of keep-alive probes.
constexpr std::chrono::seconds kSettled{30};

}  // namespace

Relay::Relay(Loop& loop, RelayBuffers& buffers, RelayClaim& claim, std::unique_ptr<Socket> client,
             std::unique_ptr<Socket> origin, RelayLimits limits, Listener& listener)
    : loop_(loop),
      buffers_(buffers),
      client_(std::move(client)),
      origin_(std::move(origin)),
      limits_(limits),
      listener_(listener),
      up_(*this, claim, *client_, *origin_),
      down_(*this, claim, *origin_, *client_) {}

Relay::~Relay() = default;

void Relay::start() {
  assert(life_ == Life::kNew && "a relay starts once");
  life_ = Life::kFresh;
  for (Side* side : {&up_, &down_}) {
    side->flow.source().poll().set_waiter(Ready::kRead, side);
    side->flow.sink().poll().set_waiter(Ready::kWrite, side);
  }
  loop_.arm(*this, std::min({loop_.now() + kSettled, loop_.now() + limits_.idle, limits_.until}));
  pump(up_);
  pump(down_);
}

void Relay::stop(base::Error error) {
  if (life_ == Life::kOver) return;
  // Both sides are cut off in the middle, and must be able to tell.
  reset_both_on_close();
  finish(std::move(error));
}

void Relay::pump(Side& side) {
  if (running() && side.state == State::kEnded) return look_after_ended(side);
  const std::uint64_t most = side.flow.moved() + kOctetsPerTurn;
  while (running() && side.state == State::kFlowing) {
    const Direction::Step step = side.flow.step();
    if (step != Direction::Step::kMoved) return act_on(side, step);
    // More is ready. Waiting in line puts the direction behind everyone else of this turn.
    if (side.flow.moved() >= most) return buffers_.chunks.wait_a_turn(side);
  }
}

void Relay::act_on(Side& side, Direction::Step step) {
  switch (step) {
    case Direction::Step::kMoved:
    case Direction::Step::kBlocked: return;
    case Direction::Step::kEnded: return end_direction(side);
    case Direction::Step::kSourceFailed: return source_failed(side);
    case Direction::Step::kSinkFailed: return sink_failed(side, side.flow.cause());
  }
}

// The source sent FIN and all its bytes are written: so does the sink get FIN.
void Relay::end_direction(Side& side) {
  side.state = State::kEnded;
  // The other direction found its sink gone: this end is no orderly one.
  if (error_) return reset_after_delivery(side.flow.sink());
  // When both have ended, closing sends the FIN.
  if (!half_closed()) return finish(std::nullopt);
  side.flow.sink().shutdown_write();
  arm();
}

// The source was reset. Everything it sent before has been read and written, but may still be on
// its way to the sink: a reset now would overtake it.
void Relay::source_failed(Side& side) {
  if (!error_) error_ = io_error(side.flow.source(), side.flow.cause());
  reset_after_delivery(side.flow.sink());
}

void Relay::reset_after_delivery(Socket& sink) {
  for (Side* side : {&up_, &down_}) {
    side->state = State::kEnded;
    side->flow.drop();
  }
  reset_both_on_close();
  life_ = Life::kDelivering;
  delivering_to_ = &sink;
  delivery_deadline_ = loop_.now() + kDeliveryLimit;
  check_delivery();
}

// Nothing is read from this side any more, but it may still be reset, and then takes nothing
// either. A client that has closed answers whatever comes late, a TLS close_notify say, in this
// way: no fault, unless octets were on their way to it.
void Relay::look_after_ended(Side& side) {
  Socket& source = side.flow.source();
  if (!source.poll().broken()) return;
  if (source.party() != base::Party::kClient || in_flight()) {
    const int cause = source.broken_by();
    return sink_failed(other_of(side), cause != 0 ? cause : ECONNRESET);
  }
  reset_after_delivery(side.flow.sink());
}

// The sink is gone. What it sent before it went is still to be read and delivered: the other
// direction goes on and meets the cause there, unless it has ended already.
void Relay::sink_failed(Side& side, int cause) {
  if (!error_) error_ = io_error(side.flow.sink(), cause);
  side.flow.drop();
  side.state = State::kEnded;
  Side& other = other_of(side);
  if (other.state == State::kEnded) return reset_after_delivery(other.flow.sink());
  arm();
  pump(other);
}

void Relay::reset_both_on_close() {
  client_->reset_on_close();
  origin_->reset_on_close();
}

void Relay::check_delivery() {
  // The kernel goes on counting what a broken socket had to send.
  if (delivering_to_->poll().broken() || delivering_to_->unsent() == 0 ||
      loop_.now() >= delivery_deadline_) {
    finish(error_);
  } else {
    loop_.arm(*this, loop_.now() + TimerWheel::kTick);
  }
}

void Relay::arm() { loop_.arm(*this, quiet_until(limits_, status())); }

void Relay::on_timer() {
  if (life_ == Life::kDelivering) return check_delivery();
  if (std::optional<base::Error> error = overdue(limits_, status(), loop_.now())) {
    // Whoever is cut off in the middle must be able to tell.
    if (error_ || loop_.now() >= limits_.until || in_flight()) reset_both_on_close();
    return finish(error_ ? error_ : error);
  }
  if (life_ == Life::kFresh) origin_->keep_alive();  // the client's socket has it from its listener
  life_ = Life::kRunning;
  arm();
}

TunnelStatus Relay::status() const {
  const auto flow = [](const Side& side) {
    return TunnelStatus::Flow{side.flow.in_flight(), side.flow.moved_at(),
                              side.flow.sink().party()};
  };
  return {{flow(up_), flow(down_)}, half_closed()};
}

void Relay::finish(std::optional<base::Error> error) {
  life_ = Life::kOver;
  disarm();
  for (Side* side : {&up_, &down_}) {
    side->flow.source().poll().set_waiter(Ready::kRead, nullptr);
    side->flow.sink().poll().set_waiter(Ready::kWrite, nullptr);
    ChunkPool::forget(*side);
    side->flow.drop();
  }
  listener_.on_relay_end({to_origin(), to_client(), std::move(error)});
}

}  // namespace net
