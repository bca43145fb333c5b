// Bounds what clients can make the program's own log say, so that none of them keeps the lines
// about others out. Thread-safe.
#pragma once

#include <chrono>
#include <cstdint>
#include <mutex>
#include <string>
#include <unordered_map>

#include "base/clock.h"

namespace proxy {

class Throttle {
 public:
  struct Lines {
    std::uint32_t a_minute = 30;
    std::uint32_t of_one_client = 3;
  };
  explicit Throttle(Lines most) : most_(most) {}

  // Whether one more line about the client may be written.
  bool take(const std::string& client, base::Instant now) {
    const std::lock_guard lock(mutex_);
    if (now >= until_) {
      until_ = now + std::chrono::minutes(1);
      lines_ = 0;
      by_client_.clear();
    }
    if (lines_ >= most_.a_minute) return false;
    std::uint32_t& own = by_client_[client];
    if (own >= most_.of_one_client) return false;
    ++own;
    ++lines_;
    return true;
  }

 private:
  Lines most_;
  std::mutex mutex_;
  base::Instant until_{};
  std::uint32_t lines_ = 0;
  std::unordered_map<std::string, std::uint32_t> by_client_;  // at most one for each line
};

}  // namespace proxy
