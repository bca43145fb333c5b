#include "bench/load/window.h"

#include <gtest/gtest.h>

#include <memory>

namespace load {
namespace {

using std::chrono::milliseconds;

// A lane without a connection: what its operations do is a function.
class FakeLane final : public Lane {
 public:
  using Action = void (*)(FakeLane&);
  explicit FakeLane(Action action) : action_(action) {}
  void begin() override { action_(*this); }
  void reset() override { ++resets; }
  void on_ready() override { owner().on_done(*this); }
  Owner& tell() { return owner(); }

  int resets = 0;

 private:
  Action action_;
};

struct Lanes {
  Lanes(std::size_t count, FakeLane::Action action) {
    for (std::size_t i = 0; i < count; ++i) {
      owned.push_back(std::make_unique<FakeLane>(action));
      all.push_back(owned.back().get());
    }
  }
  std::vector<std::unique_ptr<FakeLane>> owned;
  std::vector<Lane*> all;
};

Poller poller;

// Done in the next round of the poller, as an answer that comes at once.
void soon(FakeLane& lane) { poller.again(lane); }
void never(FakeLane&) {}
void refuse(FakeLane& lane) { lane.tell().on_failed(lane, "refused"); }

Limits limits(std::uint64_t operations) {
  Limits limits;
  limits.operations = operations;
  limits.in_flight = 100;
  limits.patience = milliseconds(150);
  return limits;
}

TEST(Window, DoesAsManyOperationsAsItWasAskedFor) {
  Lanes lanes(3, soon);
  const Outcome outcome = Window(poller, lanes.all, limits(100), nullptr).run();
  EXPECT_EQ(outcome.done, 100U);
  EXPECT_EQ(outcome.failed, 0U);
  EXPECT_EQ(outcome.latency.count(), 100U);
}

TEST(Window, AsksNoLaneTwiceBeforeEachHasBeenAsked) {
  Lanes lanes(50, soon);
  Limits each = limits(50);
  each.in_flight = 4;
  Window(poller, lanes.all, each, nullptr).run();
  for (const auto& lane : lanes.owned) EXPECT_EQ(lane->operation, 1U);
}

TEST(Window, CountsFailuresByReasonAndGoesOn) {
  Lanes lanes(2, refuse);
  const Outcome outcome = Window(poller, lanes.all, limits(6), nullptr).run();
  EXPECT_EQ(outcome.done, 0U);
  EXPECT_EQ(outcome.failed, 6U);
  EXPECT_EQ(outcome.failures.at("refused"), 6U);
}

TEST(Window, GivesUpOnWhatMakesNoProgress) {
  Lanes lanes(2, never);
  const Outcome outcome = Window(poller, lanes.all, limits(2), nullptr).run();
  EXPECT_EQ(outcome.failures.at("no progress in time"), 2U);
  for (const auto& lane : lanes.owned) EXPECT_EQ(lane->resets, 1);
}

TEST(Window, FailsOperationsThatCouldNotBeBegunInTime) {
  Lanes lanes(1, never);
  Limits limit = limits(10);
  limit.time = milliseconds(20);
  const Outcome outcome = Window(poller, lanes.all, limit, nullptr).run();
  EXPECT_EQ(outcome.failed, 10U);
  EXPECT_EQ(outcome.failures.at("not begun in time"), 9U);
}

TEST(Window, GivesUpAfterSoManyFailures) {
  Lanes lanes(1, refuse);
  Limits limit = limits(1000);
  limit.failures = 3;
  const Outcome outcome = Window(poller, lanes.all, limit, nullptr).run();
  EXPECT_EQ(outcome.failed, 1000U);
  EXPECT_EQ(outcome.failures.at("refused"), 3U);
  EXPECT_EQ(outcome.failures.at("given up"), 997U);
}

TEST(Window, KeepsTheRateOfAnOpenLoop) {
  Lanes lanes(4, soon);
  Limits limit = limits(21);
  limit.rate = 200;
  const Outcome outcome = Window(poller, lanes.all, limit, nullptr).run();
  EXPECT_EQ(outcome.done, 21U);
  EXPECT_GE(outcome.took, milliseconds(100));
  EXPECT_EQ(outcome.overdue, 0U);
}

TEST(Window, CountsLatencyFromWhenAnOperationWasDue) {
  // One lane that never answers, and 100 operations a second: all but the first wait for it in
  // vain, and each of them has been late by the time the window ends.
  Lanes lanes(1, never);
  Limits limit;
  limit.in_flight = 1;
  limit.patience = milliseconds(500);
  limit.rate = 100;
  limit.time = milliseconds(200);
  const Outcome outcome = Window(poller, lanes.all, limit, nullptr).run();
  EXPECT_EQ(outcome.done, 0U);
  EXPECT_EQ(outcome.overdue, 19U);
  EXPECT_GE(outcome.latency.max(), milliseconds(190));
  EXPECT_GE(outcome.latency.quantile(0.5), milliseconds(90));
}

}  // namespace
}  // namespace load
