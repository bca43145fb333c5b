#include "net/stream_relay.h"

#include <array>
#include <cassert>
#include <cerrno>

#include "net/io.h"
#include "net/loop.h"

namespace net {
namespace {

// Octets that a direction may move before others get their turn.
constexpr std::uint64_t kOctetsPerTurn = 256 * 1024;

}  // namespace

StreamRelay::StreamRelay(Loop& loop, ChunkPool& chunks, ChunkPool::Claim& claim, End client,
                         End origin, RelayLimits limits, Listener& listener)
    : loop_(loop),
      chunks_(chunks),
      claim_(claim),
      client_(std::move(client)),
      origin_(std::move(origin)),
      limits_(limits),
      listener_(listener),
      up_{client_, origin_, loop.now()},
      down_{origin_, client_, loop.now()} {}

StreamRelay::~StreamRelay() = default;

void StreamRelay::set_waiters(net::Waiter* waiter) {
  for (End* end : {&client_, &origin_}) {
    end->stream->poll().set_waiter(Ready::kRead, waiter);
    end->stream->poll().set_waiter(Ready::kWrite, waiter);
  }
}

void StreamRelay::reset_both_on_close() {
  client_.carrier.reset_on_close();
  origin_.carrier.reset_on_close();
}

void StreamRelay::arm() { loop_.arm(*this, quiet_until(limits_, status())); }

void StreamRelay::start() {
  assert(life_ == Life::kNew && "a relay starts once");
  life_ = Life::kRunning;
  set_waiters(this);
  arm();
  on_ready();
}

void StreamRelay::stop(base::Error error) {
  if (life_ == Life::kOver) return;
  reset_both_on_close();
  finish(std::move(error));
}

void StreamRelay::on_ready() {
  if (life_ == Life::kClosing) return wait_until_closed();
  pump();
  for (Flow* flow : {&up_, &down_}) look_after(*flow);
}

// Nothing is read from a source whose octets wait for the sink, or that has ended. It may be reset
// all the same, and then takes nothing either. A client that has ended answers whatever comes late
// (a close_notify, say) in this way: no fault, unless octets are on their way to it.
//
// What waits may be followed by an end in good order, which is to be read: the kernel says EPIPE of
// a reset that came after FIN. When another call has met the cause, nobody knows.
void StreamRelay::look_after(Flow& flow) {
  Carrier& source = flow.source.carrier;
  const bool is_read = flow.state == State::kFlowing && !flow.in_flight();
  if (life_ != Life::kRunning || is_read || !source.poll().broken()) return;
  const int cause = source.broken_by();
  if (flow.state == State::kFlowing && (cause == 0 || cause == EPIPE)) return;
  if (!error_ && (source.party() != base::Party::kClient || in_flight())) {
    error_ = io_error(source, cause != 0 ? cause : ECONNRESET);
  }
  if (flow.state == State::kEnded) return reset_after_delivery(flow.sink);
  // What waits here would be a part whose rest is lost.
  reset_both_on_close();
  finish(error_);
}

void StreamRelay::pump() {
  for (Flow* flow : {&up_, &down_}) {
    const std::uint64_t most = flow->moved + kOctetsPerTurn;
    Step result = Step::kMoved;
    while (life_ == Life::kRunning && flow->state == State::kFlowing && result == Step::kMoved) {
      result = step(*flow);
      if (result == Step::kNoChunk) chunks_.wait(*this, claim_);
      if (result != Step::kMoved || flow->moved < most) continue;
      // More is ready. Waiting in line puts the relay behind everyone else of this turn.
      chunks_.wait_a_turn(*this);
      break;
    }
  }
}

StreamRelay::Step StreamRelay::step(Flow& flow) {
  if (flow.chunk == nullptr) {
    const Step taken = take_in(flow);
    if (taken != Step::kMoved || flow.chunk == nullptr) return taken;
  }
  return write(flow);
}

StreamRelay::Step StreamRelay::take_in(Flow& flow) {
  Stream& source = *flow.source.stream;
  if (!source.has_buffered() && !source.poll().ready(source.read_needs())) return Step::kBlocked;
  flow.chunk = chunks_.borrow(claim_);
  if (flow.chunk == nullptr) {
    return &source == &flow.source.carrier ? hand_over(flow) : Step::kNoChunk;
  }
  flow.held_back = Flow::HeldBack::kNone;
  const IoResult got = source.try_read(flow.chunk->bytes);
  if (got.kind == IoResult::Kind::kDone) {
    flow.start = 0;
    flow.end = static_cast<std::uint32_t>(got.bytes);
    flow.moved_at = loop_.now();
    return Step::kMoved;
  }
  drop(flow);
  return no_octets(flow, got);
}

StreamRelay::Step StreamRelay::no_octets(Flow& flow, const IoResult& got) {
  if (got.kind == IoResult::Kind::kWouldBlock) return Step::kBlocked;
  if (got.kind == IoResult::Kind::kError) {
    source_failed(flow, got.cause);
  } else {
    end_flow(flow);
  }
  return Step::kOver;
}

// Without a buffer: what the sink does not take stays in the source. A sink with TLS that would
// block may have some of it in a record; it is given the same octets next time.
StreamRelay::Step StreamRelay::hand_over(Flow& flow) {
  const std::span<char> scratch = chunks_.scratch().bytes;
  const IoResult there = flow.source.carrier.try_peek(scratch);
  flow.held_back = Flow::HeldBack::kNone;
  if (there.kind != IoResult::Kind::kDone) return no_octets(flow, there);
  const std::array piece{std::string_view(scratch.data(), there.bytes)};
  const IoResult put = flow.sink.stream->try_write(piece);
  if (put.kind == IoResult::Kind::kWouldBlock) {
    flow.held_back = Flow::HeldBack::kSome;
    return Step::kBlocked;
  }
  if (put.kind != IoResult::Kind::kDone) {
    sink_failed(flow, put.cause);
    return Step::kOver;
  }
  flow.source.carrier.discard(put.bytes);
  flow.moved += put.bytes;
  flow.moved_at = loop_.now();
  return Step::kMoved;
}

StreamRelay::Step StreamRelay::write(Flow& flow) {
  while (flow.start < flow.end) {
    const std::array piece{
        std::string_view(flow.chunk->bytes.data() + flow.start, flow.end - flow.start)};
    const IoResult put = flow.sink.stream->try_write(piece);
    if (put.kind == IoResult::Kind::kWouldBlock) return Step::kBlocked;
    if (put.kind != IoResult::Kind::kDone) {
      sink_failed(flow, put.cause);
      return Step::kOver;
    }
    flow.start += static_cast<std::uint32_t>(put.bytes);
    flow.moved += put.bytes;
    flow.moved_at = loop_.now();
  }
  drop(flow);
  return Step::kMoved;
}

void StreamRelay::drop(Flow& flow) {
  if (flow.chunk != nullptr) chunks_.give_back(std::move(flow.chunk), claim_);
  flow.held_back = Flow::HeldBack::kNone;
}

// The source broke off. Everything it sent before has been written, but may still be on its way to
// the sink: ending that connection with a reset now would overtake it.
void StreamRelay::source_failed(Flow& flow, int cause) {
  if (!error_) error_ = io_error(*flow.source.stream, cause);
  reset_after_delivery(flow.sink);
}

// The sink is gone. What it sent before it went is still to be read and delivered.
void StreamRelay::sink_failed(Flow& flow, int cause) {
  if (!error_) error_ = io_error(*flow.sink.stream, cause);
  drop(flow);
  flow.state = State::kEnded;
  Flow& other = other_of(flow);
  if (other.state == State::kEnded) return reset_after_delivery(other.sink);
  arm();
}

void StreamRelay::on_timer() {
  if (life_ == Life::kClosing) return wait_until_closed();
  if (life_ == Life::kDelivering) return wait_until_delivered();
  if (std::optional<base::Error> error = overdue(limits_, status(), loop_.now())) {
    // Whoever is cut off in the middle must be able to tell.
    if (error_ || loop_.now() >= limits_.until || in_flight()) reset_both_on_close();
    return finish(error_ ? error_ : error);
  }
  arm();
}

TunnelStatus StreamRelay::status() const {
  const auto flow = [](const Flow& from) {
    return TunnelStatus::Flow{from.in_flight(), from.moved_at, from.sink.stream->party()};
  };
  return {{flow(up_), flow(down_)}, up_.state != down_.state};
}

void StreamRelay::finish(std::optional<base::Error> error) {
  life_ = Life::kOver;
  disarm();
  set_waiters(nullptr);
  ChunkPool::forget(*this);
  drop(up_);
  drop(down_);
  listener_.on_relay_end({to_origin(), to_client(), std::move(error)});
}

}  // namespace net
