// How many of something may happen in a while, and beyond that, how many have been earned. The time
// is given, not read.
#pragma once

#include <algorithm>
#include <cstdint>

#include "base/clock.h"
#include "http/h2/settings.h"

namespace http::h2 {

class Budget {
 public:
  explicit Budget(Rate rate) : rate_(rate), tokens_(rate.burst) {}

  // Takes one token, an earned one first; false when there is none.
  bool spend(base::Instant now) {
    refill(now);
    if (earned_ > 0) {
      --earned_;
      return true;
    }
    if (tokens_ < 1) return false;
    tokens_ -= 1;
    return true;
  }
  // Adds tokens beside those of the rate. What pays for them comes first and may lie some time
  // back, so that they are kept; `kMostEarned` at most.
  void earn(std::uint64_t tokens) { earned_ = std::min(kMostEarned, earned_ + tokens); }

 private:
  // Those for 512 MiB on the way to a peer that takes it in pieces of 512 octets.
  static constexpr std::uint64_t kMostEarned = 1024 * 1024;

  void refill(base::Instant now) {
    if (last_ != base::Instant{} && now > last_) {
      const double passed = std::chrono::duration<double>(now - last_).count();
      tokens_ = std::min<double>(rate_.burst, tokens_ + passed * rate_.per_second);
    }
    last_ = std::max(last_, now);
  }

  Rate rate_;
  double tokens_;
  std::uint64_t earned_ = 0;
  base::Instant last_{};
};

}  // namespace http::h2
