#include "net/timer_wheel.h"

#include <algorithm>

namespace net {
namespace {

constexpr auto kTurn = static_cast<std::int64_t>(TimerWheel::kSlots);

}  // namespace

void TimerWheel::Timer::disarm() {
  if (wheel_ == nullptr) return;
  unlink();
  --wheel_->armed_;
  wheel_ = nullptr;
}

void TimerWheel::arm(Timer& timer, base::Instant when) {
  timer.disarm();
  if (when == base::kNever) return;
  // The tick after the one that holds `when`, so that a timer is never early.
  const std::int64_t due = (when - start_) / kTick + 1;
  timer.tick_ = std::max(due, current_ + 1);
  timer.wheel_ = this;
  // The hand comes by the slot at least once a turn.
  const std::int64_t visit = current_ + 1 + (timer.tick_ - current_ - 1) % kTurn;
  next_ = armed_ == 0 ? visit : std::min(next_, visit);
  ++armed_;
  slot_of(timer.tick_).push_back(timer);
}

void TimerWheel::advance(base::Instant now) {
  const std::int64_t target = (now - start_) / kTick;
  if (target <= current_) return;
  if (armed_ == 0 || target < next_) {
    current_ = target;
    return;
  }
  // After a long stall one round over all slots is enough.
  Slot due;
  for (std::int64_t tick = std::max(next_, target - kTurn + 1); tick <= target; ++tick)
    due.take_all(slot_of(tick));
  current_ = target;
  while (!due.empty()) {
    Timer& timer = due.pop_front();
    if (timer.tick_ > current_) {
      slot_of(timer.tick_).push_back(timer);
      continue;
    }
    timer.wheel_ = nullptr;
    --armed_;
    timer.on_timer();
  }
  if (armed_ > 0) next_ = first_occupied();
}

base::Instant TimerWheel::next() const {
  return armed_ == 0 ? base::kNever : start_ + next_ * kTick;
}

std::int64_t TimerWheel::first_occupied() const {
  std::int64_t tick = current_ + 1;
  while (slots_[static_cast<size_t>(tick) % kSlots].empty()) ++tick;
  return tick;
}

}  // namespace net
