// Whether a body comes fast enough, while it is waited for.
#pragma once

#include <cstdint>

#include "base/clock.h"

namespace proxy {

class Pace {
 public:
  // At least `octets_per_second` over each `window` of waiting; 0 for any pace.
  Pace(std::uint64_t octets_per_second, base::Millis window)
      : octets_per_second_(octets_per_second), window_(window) {}

  void came(std::uint64_t octets) { octets_ += octets; }
  // Time that nothing was there to take.
  void waited(base::Instant::duration time) { waited_ += time; }
  // Looks back once a window is full, and begins another.
  bool is_too_slow() {
    if (octets_per_second_ == 0 || waited_ < window_) return false;
    const auto ms = std::chrono::duration_cast<base::Millis>(waited_).count();
    const bool slow = octets_ * 1000 / static_cast<std::uint64_t>(ms) < octets_per_second_;
    octets_ = 0;
    waited_ = {};
    return slow;
  }

 private:
  std::uint64_t octets_per_second_;
  base::Millis window_;
  std::uint64_t octets_ = 0;
  base::Instant::duration waited_{};
};

}  // namespace proxy
