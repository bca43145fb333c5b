#include "net/timer_wheel.h"

#include <algorithm>

namespace net {

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
  ++armed_;
  slot_of(timer.tick_).push_back(timer);
}

void TimerWheel::advance(base::Instant now) {
  const std::int64_t target = (now - start_) / kTick;
  // After a long stall one round over all slots is enough.
  std::int64_t tick = std::max(current_, target - static_cast<std::int64_t>(kSlots)) + 1;
  Slot due;
  for (; tick <= target; ++tick) due.take_all(slot_of(tick));
  current_ = std::max(current_, target);
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
}

}  // namespace net
