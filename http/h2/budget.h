// How many of something may happen in a while. The time is given, not read.
#pragma once

#include <algorithm>

#include "base/clock.h"
#include "http/h2/settings.h"

namespace http::h2 {

class Budget {
 public:
  explicit Budget(Rate rate) : rate_(rate), tokens_(rate.burst) {}

  // Takes one token; false when there is none.
  bool spend(base::Instant now) {
    refill(now);
    if (tokens_ < 1) return false;
    tokens_ -= 1;
    return true;
  }
  // Puts `tokens` back, up to the burst.
  void earn(double tokens) { tokens_ = std::min<double>(rate_.burst, tokens_ + tokens); }

 private:
  void refill(base::Instant now) {
    if (last_ != base::Instant{} && now > last_) {
      earn(std::chrono::duration<double>(now - last_).count() * rate_.per_second);
    }
    last_ = std::max(last_, now);
  }

  Rate rate_;
  double tokens_;
  base::Instant last_{};
};

}  // namespace http::h2
