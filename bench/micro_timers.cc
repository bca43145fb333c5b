// Every wait of every session has a deadline, and nearly none of them expires: arming and disarming
// are what counts, and they must not depend on how many others are armed.
#include <benchmark/benchmark.h>

#include <chrono>
#include <memory>
#include <vector>

#include "net/timer_wheel.h"

namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr base::Instant kStart{std::chrono::hours(7)};

struct Deadline final : net::TimerWheel::Timer {
  void on_timer() override { ++fired; }
  int fired = 0;
};

// `count` deadlines like those of idle tunnels, spread over ten minutes.
std::vector<std::unique_ptr<Deadline>> idle(net::TimerWheel& wheel, std::int64_t count) {
  std::vector<std::unique_ptr<Deadline>> all;
  for (std::int64_t i = 0; i < count; ++i) {
    all.push_back(std::make_unique<Deadline>());
    wheel.arm(*all.back(), kStart + seconds(600) + milliseconds(i % 600'000));
  }
  return all;
}

void arm_and_disarm(benchmark::State& state) {
  net::TimerWheel wheel(kStart);
  const auto others = idle(wheel, state.range(0));
  Deadline deadline;
  for (auto _ : state) {
    wheel.arm(deadline, kStart + seconds(10));
    deadline.disarm();
  }
}
BENCHMARK(arm_and_disarm)->Arg(0)->Arg(100'000);

// A deadline that is put off again and again, as while a body flows.
void move(benchmark::State& state) {
  net::TimerWheel wheel(kStart);
  const auto others = idle(wheel, state.range(0));
  Deadline deadline;
  milliseconds later{0};
  for (auto _ : state) wheel.arm(deadline, kStart + seconds(60) + (later += milliseconds(1)));
}
BENCHMARK(move)->Arg(100'000);

// One tick in which nothing is due, with deadlines farther than a turn of the wheel in its slot.
void tick(benchmark::State& state) {
  net::TimerWheel wheel(kStart);
  const auto others = idle(wheel, state.range(0));
  base::Instant now = kStart;
  const base::Instant end = kStart + seconds(590);
  for (auto _ : state) {
    now += net::TimerWheel::kTick;
    // Nothing may come due: begin again in good time.
    if (now < end) {
      wheel.advance(now);
    } else {
      state.SkipWithError("more ticks than there is time");
      break;
    }
  }
}
BENCHMARK(tick)->Arg(100'000)->Iterations(30'000);

}  // namespace
