// One event loop: the worker's readiness engine, its timer wheel, and a libuv loop as a guest for
// what libuv does better (waking from other threads, c-ares' sockets, the thread pool). The engine
// waits; libuv runs when its own descriptor says so, and costs a busy turn nothing
// (docs/design/net.md has the measurement). Everything here but `post` belongs to the loop's own
// thread.
#pragma once

#include <functional>
#include <memory>

#include "base/clock.h"
#include "net/timer_wheel.h"

struct uv_loop_s;

namespace net {

class Poller;

class Loop {
 public:
  Loop();
  ~Loop();
  Loop(const Loop&) = delete;
  Loop& operator=(const Loop&) = delete;

  // Runs until `stop`.
  void run();
  void stop();

  // Runs `work` on the loop's thread soon; work that has not run when the loop is destroyed is
  // dropped, as with `defer`. The only member that other threads may call.
  void post(std::function<void()> work);

  // Runs `work` after the current callback, before the loop sleeps: the place to destroy what is
  // still on the stack now, and to go on with long work after others had their turn.
  void defer(std::function<void()> work);

  // Monotonic time as of the current turn.
  base::Instant now() const;

  TimerWheel& timers();
  // Arms `timer`; the loop wakes up for it.
  void arm(TimerWheel::Timer& timer, base::Instant when);

  Poller& poller();
  // For watches, closing and requests; libuv's timers never fire here.
  uv_loop_s* raw();

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace net
