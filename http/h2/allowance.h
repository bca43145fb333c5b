// What the streams of one client may hold in memory, over all its connections and those to origins
// that serve it.
#pragma once

#include <algorithm>
#include <cstddef>

namespace http::h2 {

class Allowance {
 public:
  explicit Allowance(size_t most) : most_(most) {}
  Allowance(const Allowance&) = delete;
  Allowance& operator=(const Allowance&) = delete;

  // Counts octets that are held; false, and nothing is counted, when they are too many.
  bool take(size_t octets) {
    if (octets > most_ - std::min(most_, held_)) return false;
    hold(octets);
    return true;
  }
  // Counts octets that are held in any case.
  void hold(size_t octets) {
    held_ += octets;
    peak_ = std::max(peak_, held_);
  }
  void give(size_t octets) { held_ -= octets; }
  size_t held() const { return held_; }

  // The same for what streams' windows are larger than at first: a quarter of all goes to them.
  bool widen(size_t octets) {
    if (octets > most_ / 4 - std::min(most_ / 4, widened_)) return false;
    widened_ += octets;
    return true;
  }
  void narrow(size_t octets) { widened_ -= octets; }

  // The most that was held since the last call.
  size_t take_peak() {
    const size_t peak = peak_;
    peak_ = held_;
    return peak;
  }

 private:
  size_t most_;
  size_t held_ = 0;
  size_t widened_ = 0;
  size_t peak_ = 0;
};

}  // namespace http::h2
