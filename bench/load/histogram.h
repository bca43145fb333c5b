// A latency histogram with high dynamic range: 128 linear steps in every power of two, so that any
// value is known to 0.8 % from nanoseconds to hours, in a fixed 44 KiB.
#pragma once

#include <chrono>
#include <cstdint>
#include <vector>

namespace load {

class Histogram {
 public:
  using Nanoseconds = std::chrono::nanoseconds;

  Histogram();

  // Negative values count as 0, values over kMax as kMax.
  void record(Nanoseconds value, std::uint64_t times = 1);

  // What a client that meant to send every `expected` would have seen: behind each value larger
  // than that stand the ones it kept from being sent, value - expected, value - 2 * expected, …
  // down to expected (coordinated omission). `expected` must be positive.
  Histogram corrected(Nanoseconds expected) const;

  // The largest value that the share `quantile` (0 to 1) of the records does not exceed, to 0.8 %;
  // 0 when there are no records.
  Nanoseconds quantile(double quantile) const;

  std::uint64_t count() const { return count_; }
  Nanoseconds max() const { return max_; }
  Nanoseconds mean() const;

  static constexpr Nanoseconds kMax{std::int64_t{1} << 42};  // 73 minutes

 private:
  std::vector<std::uint64_t> buckets_;
  std::uint64_t count_ = 0;
  double sum_ = 0;
  Nanoseconds max_{0};
};

}  // namespace load
