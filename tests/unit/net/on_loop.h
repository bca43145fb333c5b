// Running tasks and waiting for conditions on a loop, for tests. A test that hangs aborts with a
// word.
#pragma once

#include <cstdio>
#include <cstdlib>
#include <functional>
#include <utility>

#include "net/await.h"
#include "net/loop.h"
#include "net/task.h"

namespace net::test {

// Ends the test program if it lives for longer than any honest test takes.
class Watchdog final : private TimerWheel::Timer {
 public:
  explicit Watchdog(Loop& loop) { loop.arm(*this, base::steady_now() + std::chrono::seconds(20)); }

 private:
  void on_timer() override {
    std::fputs("a task on the loop did not finish within 20 s\n", stderr);
    std::abort();
  }
};

// Runs the loop until `task` is done and gives its result.
template <typename T>
T run(Loop& loop, Task<T> task) {
  struct Done {
    Loop& loop;
    bool running = false;
  } done{loop};
  task.start(
      [](void* argument) {
        auto& state = *static_cast<Done*>(argument);
        if (state.running) state.loop.stop();
      },
      &done);
  if (!task.done()) {
    const Watchdog watchdog(loop);
    done.running = true;
    loop.run();
  }
  return task.take();
}

inline Task<void> wait_until(Loop& loop, std::function<bool()> condition) {
  while (!condition()) {
    SleepAwaiter tick(loop, loop.now() + base::Millis(1));
    co_await tick;
  }
}

inline void run_until(Loop& loop, std::function<bool()> condition) {
  run(loop, wait_until(loop, std::move(condition)));
}

inline Task<void> pause(Loop& loop, base::Millis length) {
  SleepAwaiter nap(loop, loop.now() + length);
  co_await nap;
}

// Runs whatever is due, for `length` of the loop's time.
inline void run_for(Loop& loop, base::Millis length) { run(loop, pause(loop, length)); }

// Counts the objects alive, to see coroutine frames come and go.
class Live {
 public:
  explicit Live(int& count) : count_(&count) { ++*count_; }
  Live(const Live& other) : count_(other.count_) { ++*count_; }
  Live& operator=(const Live&) = delete;
  ~Live() { --*count_; }

 private:
  int* count_;
};

}  // namespace net::test
