#include "bench/load/histogram.h"

#include <algorithm>
#include <bit>
#include <cmath>

namespace load {
namespace {

constexpr int kStepBits = 7;
constexpr std::uint64_t kSteps = std::uint64_t{1} << kStepBits;

// Values below 2 * kSteps have a bucket each; above, a bucket spans 2^shift values.
std::size_t bucket_of(std::uint64_t value) {
  const int shift = std::max(0, static_cast<int>(std::bit_width(value)) - (kStepBits + 1));
  return static_cast<std::size_t>(static_cast<std::uint64_t>(shift) * kSteps + (value >> shift));
}

// The largest value of a bucket.
std::uint64_t top_of(std::size_t bucket) {
  if (bucket < 2 * kSteps) return bucket;
  const std::uint64_t shift = bucket / kSteps - 1;
  const std::uint64_t step = bucket - shift * kSteps;
  return ((step + 1) << shift) - 1;
}

}  // namespace

Histogram::Histogram() : buckets_(bucket_of(static_cast<std::uint64_t>(kMax.count())) + 1) {}

void Histogram::record(Nanoseconds value, std::uint64_t times) {
  if (times == 0) return;
  value = std::clamp(value, Nanoseconds(0), kMax);
  buckets_[bucket_of(static_cast<std::uint64_t>(value.count()))] += times;
  count_ += times;
  sum_ += static_cast<double>(value.count()) * static_cast<double>(times);
  max_ = std::max(max_, value);
}

Histogram Histogram::corrected(Nanoseconds expected) const {
  Histogram all;
  for (std::size_t bucket = 0; bucket < buckets_.size(); ++bucket) {
    if (buckets_[bucket] == 0) continue;
    const Nanoseconds value =
        std::min(max_, Nanoseconds(static_cast<std::int64_t>(top_of(bucket))));
    for (Nanoseconds seen = value; seen >= expected; seen -= expected) {
      all.record(seen, buckets_[bucket]);
    }
    if (value < expected) all.record(value, buckets_[bucket]);
  }
  return all;
}

Histogram::Nanoseconds Histogram::quantile(double quantile) const {
  const double wanted = std::clamp(quantile, 0.0, 1.0) * static_cast<double>(count_);
  const auto rank = std::max<std::uint64_t>(1, static_cast<std::uint64_t>(std::ceil(wanted)));
  std::uint64_t passed = 0;
  for (std::size_t bucket = 0; bucket < buckets_.size(); ++bucket) {
    passed += buckets_[bucket];
    if (passed >= rank) {
      return std::min(max_, Nanoseconds(static_cast<std::int64_t>(top_of(bucket))));
    }
  }
  return Nanoseconds(0);
}

Histogram::Nanoseconds Histogram::mean() const {
  if (count_ == 0) return Nanoseconds(0);
  return Nanoseconds(static_cast<std::int64_t>(sum_ / static_cast<double>(count_)));
}

}  // namespace load
