#include "net/relay.h"

#include <algorithm>
#include <array>
#include <cassert>

#include "net/io.h"
#include "net/loop.h"

namespace net {
namespace {

// Chunks a direction may move before others get their turn: 256 KiB.
constexpr int kStepsPerTurn = 16;

// How long a reset is held back for bytes that were sent before it.
constexpr std::chrono::seconds kDeliveryLimit{2};

}  // namespace

Relay::Relay(Loop& loop, ChunkPool& pool, std::unique_ptr<Socket> client,
             std::unique_ptr<Socket> origin, RelayLimits limits, Listener& listener)
    : loop_(loop),
      pool_(pool),
      client_(std::move(client)),
      origin_(std::move(origin)),
      limits_(limits),
      listener_(listener),
      up_(*this, *client_, *origin_),
      down_(*this, *origin_, *client_),
      last_active_(loop.now()) {}

Relay::~Relay() {
  give_back(up_);
  give_back(down_);
}

void Relay::start() {
  assert(life_ == Life::kNew && "a relay starts once");
  life_ = Life::kRunning;
  for (Direction* direction : {&up_, &down_}) {
    direction->source.poll().set_waiter(Ready::kRead, direction);
    direction->sink.poll().set_waiter(Ready::kWrite, direction);
  }
  arm();
  pump(up_);
  pump(down_);
}

void Relay::stop(base::Error error) {
  if (life_ == Life::kOver) return;
  // Both sides are cut off in the middle, and must be able to tell.
  client_->reset_on_close();
  origin_->reset_on_close();
  finish(std::move(error));
}

void Relay::pump(Direction& direction) {
  for (int steps = 0; steps < kStepsPerTurn; ++steps) {
    if (life_ != Life::kRunning || direction.state == State::kEnded) return;
    if (step(direction) != Step::kMoved) return;
  }
  // More is ready. Waiting in line for a chunk puts the direction behind everyone else of this
  // turn.
  pool_.wait_a_turn(direction);
}

Relay::Step Relay::step(Direction& direction) {
  if (direction.chunk == nullptr) {
    const Step read = read_in(direction);
    if (read != Step::kMoved) return read;
  }
  return write_out(direction);
}

Relay::Step Relay::read_in(Direction& direction) {
  if (!direction.source.poll().ready(Ready::kRead)) return Step::kWait;
  direction.chunk = pool_.borrow();
  if (direction.chunk == nullptr) {
    pool_.wait(direction);
    return Step::kWait;
  }
  const IoResult got = direction.source.try_read(direction.chunk->bytes);
  if (got.kind == IoResult::Kind::kDone) {
    direction.start = 0;
    direction.end = static_cast<std::uint32_t>(got.bytes);
    last_active_ = loop_.now();
    return Step::kMoved;
  }
  give_back(direction);
  switch (got.kind) {
    case IoResult::Kind::kEof: return end_direction(direction);
    case IoResult::Kind::kError: return source_failed(direction, got.cause);
    default: return Step::kWait;
  }
}

Relay::Step Relay::write_out(Direction& direction) {
  while (direction.start < direction.end) {
    const std::array piece{std::string_view(direction.chunk->bytes.data() + direction.start,
                                            direction.end - direction.start)};
    const IoResult put = direction.sink.try_write(piece);
    if (put.kind == IoResult::Kind::kWouldBlock) return Step::kWait;
    if (put.kind == IoResult::Kind::kError) return sink_failed(direction, put.cause);
    direction.start += static_cast<std::uint32_t>(put.bytes);
    direction.moved += put.bytes;
    last_active_ = loop_.now();
  }
  give_back(direction);
  return Step::kMoved;
}

// The source sent FIN and all its bytes are written: so does the sink get FIN.
Relay::Step Relay::end_direction(Direction& direction) {
  direction.state = State::kEnded;
  // The other direction found its sink gone: this end is no orderly one.
  if (error_) return reset_after_delivery(direction.sink);
  direction.sink.shutdown_write();
  last_active_ = loop_.now();
  if (up_.state == State::kEnded && down_.state == State::kEnded) {
    finish(error_);
    return Step::kOver;
  }
  arm();
  return Step::kWait;
}

// The source was reset. Everything it sent before has been read and written, but may still be on
// its way to the sink: a reset now would overtake it.
Relay::Step Relay::source_failed(Direction& direction, int cause) {
  if (!error_) error_ = io_error(direction.source, cause);
  return reset_after_delivery(direction.sink);
}

Relay::Step Relay::reset_after_delivery(Socket& sink) {
  up_.state = down_.state = State::kEnded;
  client_->reset_on_close();
  origin_->reset_on_close();
  life_ = Life::kDelivering;
  delivering_to_ = &sink;
  delivery_deadline_ = loop_.now() + kDeliveryLimit;
  check_delivery();
  return Step::kOver;
}

// The sink is gone. What it sent before it went is still to be read: the other direction goes on
// and meets the cause there, unless it has ended already.
Relay::Step Relay::sink_failed(Direction& direction, int cause) {
  error_ = io_error(direction.sink, cause);
  give_back(direction);
  direction.state = State::kEnded;
  Direction& other = &direction == &up_ ? down_ : up_;
  if (other.state == State::kEnded) {
    client_->reset_on_close();
    origin_->reset_on_close();
    finish(error_);
    return Step::kOver;
  }
  arm();
  pump(other);
  return Step::kOver;
}

void Relay::check_delivery() {
  if (delivering_to_->unsent() == 0 || loop_.now() >= delivery_deadline_) {
    finish(error_);
  } else {
    loop_.arm(*this, loop_.now() + TimerWheel::kTick);
  }
}

void Relay::arm() {
  const bool half = up_.state != down_.state;
  const base::Instant quiet = last_active_ + (half ? limits_.half_closed : limits_.idle);
  loop_.arm(*this, std::min(quiet, limits_.until));
}

void Relay::on_timer() {
  if (life_ == Life::kDelivering) return check_delivery();
  const base::Instant now = loop_.now();
  if (now >= limits_.until) {
    finish(base::Error{base::ErrorCode::kTotalTimeout, base::Party::kProxy, 0,
                       "the tunnel reached its total time (timeouts.total)"});
    return;
  }
  const bool half = up_.state != down_.state;
  if (now - last_active_ >= (half ? limits_.half_closed : limits_.idle)) {
    finish(base::Error{base::ErrorCode::kIdleTimeout, base::Party::kProxy, 0,
                       half
                           ? "one side had ended and the other stayed silent (timeouts.half_closed)"
                           : "nothing moved in either direction (timeouts.tunnel_idle)"});
    return;
  }
  arm();
}

void Relay::finish(std::optional<base::Error> error) {
  life_ = Life::kOver;
  disarm();
  for (Direction* direction : {&up_, &down_}) {
    direction->source.poll().set_waiter(Ready::kRead, nullptr);
    direction->sink.poll().set_waiter(Ready::kWrite, nullptr);
    ChunkPool::forget(*direction);
    give_back(*direction);
  }
  listener_.on_relay_end({up_.moved, down_.moved, std::move(error)});
}

void Relay::give_back(Direction& direction) {
  if (direction.chunk != nullptr) pool_.give_back(std::move(direction.chunk));
}

}  // namespace net
