// Coarse deadlines for many objects: arming, disarming and expiry cost O(1) and no allocation.
// Timers fire up to one tick (kTick) late, and never early.
#pragma once

#include <array>
#include <chrono>
#include <cstdint>

#include "base/clock.h"
#include "base/intrusive.h"

namespace net {

class TimerWheel {
 public:
  static constexpr std::chrono::milliseconds kTick{16};
  static constexpr size_t kSlots = 1024;  // 16.4 s a turn; farther deadlines go round again

  // A deadline that lives in the object it concerns; it disarms itself when destroyed.
  class Timer : private base::ListNode {
   public:
    Timer() = default;
    Timer(const Timer&) = delete;
    Timer& operator=(const Timer&) = delete;
    virtual ~Timer() { disarm(); }
    bool armed() const { return wheel_ != nullptr; }
    void disarm();

   protected:
    // Called once per arming, disarmed already; may arm again and may destroy the timer.
    virtual void on_timer() = 0;

   private:
    friend class TimerWheel;
    friend class base::IntrusiveList<Timer>;
    TimerWheel* wheel_ = nullptr;
    std::int64_t tick_ = 0;
  };

  explicit TimerWheel(base::Instant start) : start_(start) {}

  // Arms, or moves, `timer` to fire once `when` is past. kNever disarms.
  void arm(Timer& timer, base::Instant when);

  // Fires what is due at `now`.
  void advance(base::Instant now);

  // When `advance` may next have something to do; kNever while nothing is armed. At most one turn
  // of the wheel before a timer is due, and perhaps in vain once timers were disarmed.
  base::Instant next() const;

  size_t armed() const { return armed_; }

 private:
  using Slot = base::IntrusiveList<Timer>;
  Slot& slot_of(std::int64_t tick) { return slots_[static_cast<size_t>(tick) % kSlots]; }

  // The first tick after the current one whose slot holds a timer.
  std::int64_t first_occupied() const;

  base::Instant start_;
  std::int64_t current_ = 0;  // last tick that was processed
  std::int64_t next_ = 0;     // no slot holds a timer for a tick between current_ and this
  size_t armed_ = 0;
  std::array<Slot, kSlots> slots_;
};

}  // namespace net
