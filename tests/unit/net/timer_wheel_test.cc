#include "net/timer_wheel.h"

#include <gtest/gtest.h>

#include <functional>
#include <memory>
#include <random>
#include <vector>

namespace net {
namespace {

using std::chrono::hours;
using std::chrono::milliseconds;

class Alarm final : public TimerWheel::Timer {
 public:
  explicit Alarm(std::function<void()> action = {}) : action_(std::move(action)) {}
  int rung = 0;

 private:
  void on_timer() override {
    ++rung;
    if (action_) action_();
  }
  std::function<void()> action_;
};

const base::Instant kStart = base::Instant(hours(5));

struct Wheel : ::testing::Test {
  TimerWheel wheel{kStart};
};

TEST_F(Wheel, FiresNeverEarlyAndAtMostOneTickLate) {
  for (int ms = 0; ms < 3000; ms += 7) {
    TimerWheel fresh{kStart};
    Alarm alarm;
    const base::Instant when = kStart + milliseconds(ms);
    fresh.arm(alarm, when);
    base::Instant now = kStart;
    while (alarm.rung == 0) {
      now += milliseconds(1);
      fresh.advance(now);
      ASSERT_LT(now, when + 3 * TimerWheel::kTick) << ms;
    }
    EXPECT_GE(now, when) << ms;
    EXPECT_LE(now, when + TimerWheel::kTick) << ms;
  }
}

TEST_F(Wheel, ADeadlineInThePastFiresAtTheNextTick) {
  Alarm alarm;
  wheel.arm(alarm, kStart - hours(1));
  wheel.advance(kStart);
  EXPECT_EQ(alarm.rung, 0);
  wheel.advance(kStart + TimerWheel::kTick);
  EXPECT_EQ(alarm.rung, 1);
}

TEST_F(Wheel, FarDeadlinesGoRoundUntilTheyAreDue) {
  Alarm alarm;
  wheel.arm(alarm, kStart + hours(1));
  for (base::Instant now = kStart; now < kStart + hours(1); now += milliseconds(500))
    wheel.advance(now);
  EXPECT_EQ(alarm.rung, 0);
  wheel.advance(kStart + hours(1) + TimerWheel::kTick);
  EXPECT_EQ(alarm.rung, 1);
}

TEST_F(Wheel, NeverIsNotArmed) {
  Alarm alarm;
  wheel.arm(alarm, kStart + milliseconds(1));
  wheel.arm(alarm, base::kNever);
  EXPECT_FALSE(alarm.armed());
  EXPECT_EQ(wheel.armed(), 0U);
}

TEST_F(Wheel, ArmingAgainMovesTheDeadline) {
  Alarm alarm;
  wheel.arm(alarm, kStart + milliseconds(100));
  wheel.arm(alarm, kStart + milliseconds(1000));
  EXPECT_EQ(wheel.armed(), 1U);
  wheel.advance(kStart + milliseconds(500));
  EXPECT_EQ(alarm.rung, 0);
  wheel.advance(kStart + milliseconds(1100));
  EXPECT_EQ(alarm.rung, 1);
}

TEST_F(Wheel, MayArmAgainInTheCallback) {
  Alarm* self = nullptr;
  Alarm alarm([&] { wheel.arm(*self, kStart); });
  self = &alarm;
  wheel.arm(alarm, kStart);
  wheel.advance(kStart + milliseconds(100));
  EXPECT_EQ(alarm.rung, 1) << "fires once per advance, or it would never end";
  wheel.advance(kStart + milliseconds(200));
  EXPECT_EQ(alarm.rung, 2);
}

TEST_F(Wheel, MayDestroyItselfAndOthersInTheCallback) {
  std::vector<std::unique_ptr<Alarm>> alarms;
  int fired = 0;
  for (int i = 0; i < 10; ++i) {
    alarms.push_back(std::make_unique<Alarm>([&] {
      ++fired;
      alarms.clear();
    }));
    wheel.arm(*alarms.back(), kStart + milliseconds(i));
  }
  wheel.advance(kStart + milliseconds(500));
  EXPECT_EQ(fired, 1);
  EXPECT_EQ(wheel.armed(), 0U);
}

TEST_F(Wheel, MayMoveAnotherDueTimerInTheCallback) {
  Alarm second;
  Alarm first([&] { wheel.arm(second, kStart + hours(1)); });
  wheel.arm(first, kStart);
  wheel.arm(second, kStart);
  wheel.advance(kStart + milliseconds(100));
  EXPECT_EQ(first.rung, 1);
  EXPECT_EQ(second.rung, 0);
  EXPECT_EQ(wheel.armed(), 1U);
}

TEST_F(Wheel, ALongStallFiresAllThatIsDueOnceAndKeepsTheRest) {
  Alarm soon;
  Alarm later;
  Alarm far;
  wheel.arm(soon, kStart + milliseconds(5));
  wheel.arm(later, kStart + hours(2));
  wheel.arm(far, kStart + hours(30));
  wheel.advance(kStart + hours(24));
  EXPECT_EQ(soon.rung, 1);
  EXPECT_EQ(later.rung, 1);
  EXPECT_EQ(far.rung, 0);
  wheel.advance(kStart + hours(31));
  EXPECT_EQ(far.rung, 1);
}

TEST_F(Wheel, TimeThatStandsStillOrGoesBackIsHarmless) {
  Alarm alarm;
  wheel.advance(kStart + milliseconds(1000));
  wheel.arm(alarm, kStart + milliseconds(1010));
  wheel.advance(kStart + milliseconds(1000));
  wheel.advance(kStart);
  EXPECT_EQ(alarm.rung, 0);
  wheel.advance(kStart + milliseconds(1040));
  EXPECT_EQ(alarm.rung, 1);
}

TEST_F(Wheel, TellsOfNothingWhileNothingIsArmed) {
  EXPECT_EQ(wheel.next(), base::kNever);
  Alarm alarm;
  wheel.arm(alarm, kStart + milliseconds(100));
  EXPECT_GT(wheel.next(), kStart + milliseconds(100));
  EXPECT_LE(wheel.next(), kStart + milliseconds(100) + TimerWheel::kTick);
  alarm.disarm();
  EXPECT_EQ(wheel.next(), base::kNever);
}

// Whoever only wakes up when `next` says so misses nothing, and does not wake up for ever in vain.
TEST_F(Wheel, WakingWhenItSaysSoIsEnough) {
  std::mt19937 random(7);
  const auto up_to = [&](int most) {
    return static_cast<int>(random() % static_cast<unsigned>(most));
  };
  struct Expected {
    Alarm alarm;
    base::Instant when;
  };
  std::vector<std::unique_ptr<Expected>> timers;
  base::Instant now = kStart;
  for (int i = 0; i < 300; ++i) {
    timers.push_back(std::make_unique<Expected>());
    timers.back()->when = now + milliseconds(up_to(i % 3 == 0 ? 100'000 : 2'000));
    wheel.arm(timers.back()->alarm, timers.back()->when);
    if (i % 5 == 4) timers.erase(timers.begin() + up_to(static_cast<int>(timers.size())));
    now += milliseconds(up_to(10));
    wheel.advance(now);
  }
  int wakes = 0;
  while (wheel.armed() > 0) {
    ASSERT_GT(wheel.next(), now);
    now = wheel.next();
    wheel.advance(now);
    ++wakes;
    for (const auto& timer : timers) {
      ASSERT_EQ(timer->alarm.rung == 1, !timer->alarm.armed());
      ASSERT_TRUE(timer->alarm.rung == 1 || timer->when + TimerWheel::kTick > now);
    }
  }
  // One for each timer, and one for each turn that a far one goes round.
  EXPECT_LT(wakes, 300 * 8);
}

TEST_F(Wheel, DestructionDisarms) {
  {
    Alarm alarm;
    wheel.arm(alarm, kStart + hours(1));
    EXPECT_EQ(wheel.armed(), 1U);
  }
  EXPECT_EQ(wheel.armed(), 0U);
}

}  // namespace
}  // namespace net
