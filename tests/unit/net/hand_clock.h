// A clock that stands still until the test moves it, for the thread that made it.
#pragma once

#include "base/clock.h"

namespace net::test {

class HandClock {
 public:
  HandClock() { base::hand_clock = &now_; }
  ~HandClock() { base::hand_clock = nullptr; }
  HandClock(const HandClock&) = delete;
  HandClock& operator=(const HandClock&) = delete;

  void advance(base::Millis by) { now_ += by; }

 private:
  base::Instant now_ = std::chrono::steady_clock::now();
};

}  // namespace net::test
