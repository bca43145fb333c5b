// How a StreamRelay ends, once nothing is read any more.
#include <algorithm>

#include "net/io.h"
#include "net/loop.h"
#include "net/stream_relay.h"

namespace net {
namespace {

// How long an end is held back for octets that were sent before it, by a side that broke off, and
// for a close_notify with nothing before it.
constexpr std::chrono::seconds kDeliveryLimit{2};

// How often it is looked at what a slow side has taken, where no edge tells.
constexpr base::Millis kLook{250};

}  // namespace

// The source ended, and all its octets are written: so does the sink's connection end.
void StreamRelay::end_flow(Flow& flow) {
  flow.state = State::kEnded;
  flow.moved_at = loop_.now();
  // The other flow found its sink gone: this end is no orderly one.
  if (error_) return reset_after_delivery(flow.sink);
  flow.sink.stream->shutdown_write();
  if (!both_ended()) return arm();
  life_ = Life::kClosing;
  closing_from_ = loop_.now();
  deadline_ = closing_from_ + kDeliveryLimit;
  wait_until_closed();
}

void StreamRelay::reset_after_delivery(const End& sink) {
  up_.state = down_.state = State::kEnded;
  drop(up_);
  drop(down_);
  reset_both_on_close();
  life_ = Life::kDelivering;
  delivering_to_ = &sink;
  deadline_ = loop_.now() + kDeliveryLimit;
  wait_until_delivered();
}

// Whether nothing is left for that side. Each time that it has taken something it gets as long as
// in a tunnel that one side has ended.
bool StreamRelay::is_closed(End& end) {
  if (!end.stream->is_closing()) {
    const bool lost = end.unsent > 0 && end.carrier.poll().broken();
    const int cause = lost ? end.carrier.broken_by() : 0;
    if (cause != 0 && !error_) error_ = io_error(end.carrier, cause);
    end.unsent = 0;
    return true;
  }
  const size_t unsent = end.carrier.unsent();
  if (unsent != end.unsent && unsent > 0) {
    deadline_ = std::max(deadline_, loop_.now() + std::min(limits_.half_closed, limits_.idle));
  }
  end.unsent = unsent;
  return false;
}

void StreamRelay::wait_until_closed() {
  const bool client_closed = is_closed(client_);
  const bool all_closed = is_closed(origin_) && client_closed;
  const base::Instant now = loop_.now();
  const base::Instant until = std::min(deadline_, limits_.until);
  if (!all_closed && now < until) {
    const bool soon = now < closing_from_ + kDeliveryLimit;
    return loop_.arm(*this, std::min(until, now + (soon ? TimerWheel::kTick : kLook)));
  }
  for (const End* end : {&client_, &origin_}) {
    if (end->unsent > 0 && !error_)
      error_ = not_taken(end->carrier.party(), "timeouts.half_closed");
  }
  // Whoever lacks something must be able to tell.
  if (error_) reset_both_on_close();
  finish(std::move(error_));
}

void StreamRelay::wait_until_delivered() {
  const Carrier& carrier = delivering_to_->carrier;
  const bool waiting = !delivering_to_->carrier.poll().broken() && carrier.unsent() > 0;
  if (!waiting || loop_.now() >= deadline_) return finish(std::move(error_));
  loop_.arm(*this, loop_.now() + TimerWheel::kTick);
}

}  // namespace net
