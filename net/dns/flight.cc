#include "net/dns/flight.h"

#include <utility>

namespace net::dns {

bool Flight::Waiter::await_ready() {
  if (!flight_.answered()) return false;
  outcome_ = flight_.outcome();
  return true;
}

void Flight::Waiter::await_suspend(std::coroutine_handle<> waiting) {
  waiting_ = waiting;
  flight_.waiters_.push_back(link_);
  flight_.loop_.arm(timer_, deadline_);
}

void Flight::Waiter::Deadline::on_timer() {
  waiter.link_.unlink();
  waiter.waiting_.resume();
}

void Flight::Served::resume() {
  while (!links_.empty()) links_.pop_front().waiter.waiting_.resume();
}

Flight::Flight(Loop& loop, const Servers& servers, std::string name, Owner& owner)
    : loop_(loop),
      name_(std::move(name)),
      owner_(owner),
      v6_(servers, name_, base::Family::kV6, *this),
      v4_(servers, name_, base::Family::kV4, *this) {}

Flight::~Flight() {
  waiters_.for_each([](Waiter::Link& link) { link.waiter.timer_.disarm(); });
}

void Flight::start() {
  // AAAA first, as RFC 8305 §3 has it.
  v6_.start();
  v4_.start();
}

void Flight::on_outcome(Question& question) {
  if (v6_.over() && v4_.over()) {
    state_ = State::kOver;
    grace_.disarm();
    owner_.on_flight(*this);
  } else if (&question == &v4_ && !v4_.outcome().addresses.empty()) {
    state_ = State::kGrace;
    loop_.arm(grace_, loop_.now() + kResolutionDelay);
  }
}

void Flight::Grace::on_timer() {
  flight.state_ = State::kPartial;
  flight.owner_.on_flight(flight);
}

Outcome Flight::outcome() const { return combine(v6_.outcome(), v4_.outcome()); }

void Flight::serve(Served& served) {
  waiters_.for_each([&](Waiter::Link& link) {
    link.waiter.timer_.disarm();
    link.waiter.outcome_ = outcome();
    served.links_.push_back(link);
  });
}

}  // namespace net::dns
