// Readiness for thousands of sockets with one edge-triggered epoll: a socket is registered once and
// costs no further call. Whoever stops before would-block asks to be called `again`.
#pragma once

#include <chrono>
#include <cstdint>
#include <vector>

#include "base/clock.h"
#include "bench/load/fd.h"

namespace load {

class Handler {
 public:
  virtual void on_ready() = 0;

 protected:
  ~Handler() = default;
};

class Poller {
 public:
  Poller();

  // Reports every change of readiness of `fd` until it is closed. A change that was collected
  // before the close is still reported, so a handler must outlive the round it dies in and treat a
  // call as a hint.
  void add(int fd, Handler& handler);

  // Calls `handler` in the next round whatever its descriptor says.
  void again(Handler& handler) { again_.push_back(&handler); }

  // One round: waits at most until `deadline` and calls the handlers that are ready.
  void wait(base::Instant deadline);

  // When the current round began. Cheaper than asking the clock for each operation.
  base::Instant now() const { return now_; }

 private:
  Fd epoll_;
  std::vector<Handler*> again_;
  std::vector<Handler*> current_;
  base::Instant now_ = base::steady_now();
};

}  // namespace load
