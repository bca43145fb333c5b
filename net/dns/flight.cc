#include "net/dns/flight.h"

#include <utility>

namespace net::dns {

bool Flight::Waiter::await_ready() {
  if (!flight_->answered()) return false;
  outcome_ = flight_->outcome();
  flight_ = nullptr;
  return true;
}

void Flight::Waiter::await_suspend(std::coroutine_handle<> waiting) {
  waiting_ = waiting;
  flight_->waiters_.push_back(link_);
  if (flight_->payer_ == nullptr) flight_->charge(&claim_);
  flight_->loop_.arm(timer_, deadline_);
}

void Flight::Waiter::leave() {
  if (flight_ != nullptr) std::exchange(flight_, nullptr)->leave(*this);
}

void Flight::Waiter::Deadline::on_timer() {
  waiter.leave();
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
      v4_(servers, name_, base::Family::kV4, *this),
      began_(loop.now()) {}

Flight::~Flight() {
  charge(nullptr);
  waiters_.for_each([](Waiter::Link& link) {
    link.waiter.timer_.disarm();
    link.waiter.flight_ = nullptr;
  });
}

void Flight::charge(Claim* claim) {
  if (payer_ != nullptr) --payer_->lookups;
  payer_ = claim;
  if (payer_ != nullptr) ++payer_->lookups;
}

bool Flight::pass_on() {
  Claim* other = nullptr;
  waiters_.for_each([&](Waiter::Link& link) {
    if (&link.waiter.claim_ != payer_) other = &link.waiter.claim_;
  });
  if (other != nullptr) charge(other);
  return other != nullptr;
}

// The waiter may be the one whose client pays; it is one of many of that client, perhaps.
void Flight::leave(Waiter& waiter) {
  waiter.link_.unlink();
  waiter.timer_.disarm();
  if (waiters_.empty()) return owner_.on_abandoned(*this);
  if (&waiter.claim_ == payer_) charge(&waiters_.front().waiter.claim_);
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

void Flight::detach(Waiter::Link& link, Served& served) {
  link.waiter.timer_.disarm();
  link.waiter.flight_ = nullptr;
  served.links_.push_back(link);
}

void Flight::serve(Served& served) {
  charge(nullptr);
  waiters_.for_each([&](Waiter::Link& link) {
    link.waiter.outcome_ = outcome();
    detach(link, served);
  });
}

void Flight::give_up(Served& served) {
  charge(nullptr);
  waiters_.for_each([&](Waiter::Link& link) {
    link.waiter.end_ = Waiter::End::kGivenUp;
    detach(link, served);
  });
}

}  // namespace net::dns
