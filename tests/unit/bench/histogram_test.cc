#include "bench/load/histogram.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <random>

namespace load {
namespace {

using std::chrono::microseconds;
using std::chrono::milliseconds;
using std::chrono::nanoseconds;

// The quantile of a sorted list, by its definition.
nanoseconds exact(std::vector<nanoseconds> values, double quantile) {
  std::sort(values.begin(), values.end());
  const double rank = std::ceil(quantile * static_cast<double>(values.size()));
  return values[static_cast<std::size_t>(std::max(1.0, rank)) - 1];
}

TEST(Histogram, SaysNothingOfNothing) {
  const Histogram none;
  EXPECT_EQ(none.count(), 0U);
  EXPECT_EQ(none.quantile(0.5), nanoseconds(0));
  EXPECT_EQ(none.mean(), nanoseconds(0));
}

TEST(Histogram, KnowsSmallValuesExactly) {
  Histogram histogram;
  for (int value = 0; value < 256; ++value) histogram.record(nanoseconds(value));
  EXPECT_EQ(histogram.quantile(0), nanoseconds(0));
  EXPECT_EQ(histogram.quantile(0.5), nanoseconds(127));
  EXPECT_EQ(histogram.quantile(1), nanoseconds(255));
}

TEST(Histogram, KnowsEveryMagnitudeToLessThanOnePercent) {
  for (std::int64_t value = 1; value < Histogram::kMax.count(); value = value * 3 / 2 + 1) {
    Histogram histogram;
    histogram.record(nanoseconds(value));
    histogram.record(Histogram::kMax);  // so that the maximum does not help
    const auto told = static_cast<double>(histogram.quantile(0.5).count());
    EXPECT_GE(told, static_cast<double>(value));
    EXPECT_LE(told, static_cast<double>(value) * 1.008) << value;
  }
}

TEST(Histogram, AgreesWithSortingOnAWideDistribution) {
  std::mt19937 random(7);
  std::lognormal_distribution<double> latency(11, 2);
  Histogram histogram;
  std::vector<nanoseconds> values;
  for (int i = 0; i < 20'000; ++i) {
    values.emplace_back(static_cast<std::int64_t>(latency(random)));
    histogram.record(values.back());
  }
  for (const double quantile : {0.01, 0.5, 0.9, 0.99, 0.999, 1.0}) {
    const auto want = static_cast<double>(exact(values, quantile).count());
    EXPECT_NEAR(static_cast<double>(histogram.quantile(quantile).count()), want, want * 0.008);
  }
}

TEST(Histogram, TellsMaximumAndMeanExactly) {
  Histogram histogram;
  histogram.record(nanoseconds(1'000'003));
  histogram.record(nanoseconds(3'000'001), 3);
  EXPECT_EQ(histogram.max(), nanoseconds(3'000'001));
  EXPECT_EQ(histogram.mean(), nanoseconds(2'500'001));
  EXPECT_EQ(histogram.count(), 4U);
}

TEST(Histogram, TakesWhatIsOutOfRangeForTheNearestValue) {
  Histogram histogram;
  histogram.record(nanoseconds(-5));
  histogram.record(Histogram::kMax * 2);
  EXPECT_EQ(histogram.quantile(0.5), nanoseconds(0));
  EXPECT_EQ(histogram.max(), Histogram::kMax);
}

TEST(Histogram, RestoresWhatAStallKeptFromBeingSent) {
  // 99 answers after 1 ms and one after 100 ms, from a client that meant to send every ms: while it
  // waited, 99 more would have been late by 99, 98, … 1 ms.
  Histogram histogram;
  histogram.record(milliseconds(1), 99);
  histogram.record(milliseconds(100));
  const Histogram corrected = histogram.corrected(milliseconds(1));
  EXPECT_LT(histogram.quantile(0.9), microseconds(1009));
  std::vector<nanoseconds> meant(99, milliseconds(1));
  for (int late = 1; late <= 100; ++late) meant.emplace_back(milliseconds(late));
  EXPECT_EQ(corrected.count(), meant.size());
  for (const double quantile : {0.25, 0.5, 0.6, 0.75, 0.9, 0.99}) {
    const auto want = static_cast<double>(exact(meant, quantile).count());
    EXPECT_NEAR(static_cast<double>(corrected.quantile(quantile).count()), want, want * 0.008);
  }
  EXPECT_EQ(corrected.max(), milliseconds(100));
}

TEST(Histogram, CorrectsNothingWhereNobodyStalled) {
  Histogram histogram;
  histogram.record(microseconds(900), 1000);
  const Histogram corrected = histogram.corrected(milliseconds(1));
  EXPECT_EQ(corrected.count(), 1000U);
  EXPECT_EQ(corrected.quantile(0.99), microseconds(900));
}

}  // namespace
}  // namespace load
