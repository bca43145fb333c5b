#include "bench/load/window.h"

#include <algorithm>

namespace load {
namespace {

using std::chrono::milliseconds;
using std::chrono::nanoseconds;

// Patience is checked, and the watch called, this often.
constexpr milliseconds kLook{100};

// After a failure a lane rests: a proxy that refuses everything would otherwise be hammered.
constexpr milliseconds kRest{10};

}  // namespace

Window::Window(Poller& poller, const std::vector<Lane*>& lanes, Limits limits, Watch watch)
    : poller_(poller), lanes_(lanes), limits_(limits), watch_(std::move(watch)) {
  limits_.in_flight = std::min(limits_.in_flight, lanes.size());
}

Outcome Window::run() {
  for (Lane* lane : lanes_) {
    lane->set_owner(this);
    free_.push_back(lane);
  }
  start_ = base::steady_now();
  next_look_ = start_ + kLook;
  base::Instant now = start_;
  do {
    issue(now);
    poller_.wait(next_wake(now));
    now = base::steady_now();
    if (issuing() && now - start_ >= limits_.time) stop_issuing(now, "not begun in time");
    if (issuing() && outcome_.failed >= limits_.failures) stop_issuing(now, "given up");
    if (!issuing()) over_since_ = std::min(over_since_, now);
    if (now >= next_look_) look_after(now);
  } while (issuing() || in_flight_ > 0);
  outcome_.took = base::steady_now() - start_;
  for (Lane* lane : lanes_) lane->set_owner(nullptr);
  return std::move(outcome_);
}

base::Instant Window::due(std::uint64_t operation) const {
  return start_ + nanoseconds(static_cast<std::int64_t>(1e9 / limits_.rate *
                                                        static_cast<double>(operation)));
}

void Window::issue(base::Instant now) {
  while (!parked_.empty() && parked_.front().first <= now) {
    free_.push_back(parked_.front().second);
    parked_.pop_front();
  }
  while (issuing() && !free_.empty() && in_flight_ < limits_.in_flight) {
    base::Instant intended = base::steady_now();
    if (limits_.rate > 0) {
      if (due(issued_) > intended) return;
      intended = due(issued_);
    }
    Lane& lane = *free_.front();
    free_.pop_front();
    begin(lane, intended);
  }
}

void Window::begin(Lane& lane, base::Instant intended) {
  ++issued_;
  ++in_flight_;
  ++lane.operation;
  lane.intended = intended;
  lane.progress = base::steady_now();
  lane.in_flight = true;
  lane.begin();
}

void Window::ended(Lane& lane) {
  lane.in_flight = false;
  --in_flight_;
}

void Window::on_done(Lane& lane) {
  const base::Instant now = base::steady_now();
  ++outcome_.done;
  outcome_.latency.record(now - lane.intended);
  ended(lane);
  free_.push_back(&lane);
  issue(now);
}

void Window::on_failed(Lane& lane, std::string_view why) {
  ++outcome_.failed;
  ++outcome_.failures[std::string(why)];
  ended(lane);
  parked_.emplace_back(base::steady_now() + kRest, &lane);
}

void Window::look_after(base::Instant now) {
  next_look_ = now + kLook;
  give_up(now);
  if (watch_) watch_(outcome_, now);
}

void Window::give_up(base::Instant now) {
  const bool too_late = over_since_ <= now - limits_.patience;
  for (Lane* lane : lanes_) {
    const bool stalled = now - lane->progress >= limits_.patience;
    if (!lane->in_flight || (!stalled && !too_late)) continue;
    lane->reset();
    on_failed(*lane, stalled ? "no progress in time" : "not done in time");
  }
}

void Window::stop_issuing(base::Instant now, const char* why) {
  count_overdue(now);
  over_ = true;
  if (limits_.operations == Limits().operations || issued_ == limits_.operations) return;
  outcome_.failed += limits_.operations - issued_;
  outcome_.failures[why] += limits_.operations - issued_;
}

// Operations that were due and found no free lane would otherwise vanish from the record, and with
// them the worst of the latency.
void Window::count_overdue(base::Instant now) {
  if (limits_.rate <= 0) return;
  for (std::uint64_t late = issued_; late < limits_.operations && due(late) < start_ + limits_.time;
       ++late) {
    ++outcome_.overdue;
    outcome_.latency.record(now - due(late));
  }
}

base::Instant Window::next_wake(base::Instant now) const {
  base::Instant wake = std::min(next_look_, start_ + limits_.time);
  if (wake <= now) wake = next_look_;
  if (!parked_.empty()) wake = std::min(wake, parked_.front().first);
  if (limits_.rate > 0 && issuing() && !free_.empty() && in_flight_ < limits_.in_flight) {
    wake = std::min(wake, due(issued_));
  }
  return wake;
}

}  // namespace load
