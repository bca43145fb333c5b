// The signals that steer a running server.
#pragma once

#include <chrono>
#include <csignal>

namespace cli {

// TERM, INT, HUP and USR1, blocked in every thread started later and taken one by one here, so that
// no code runs in a signal handler. PIPE is ignored.
class Signals {
 public:
  Signals();
  // The next signal's number.
  int wait() const;
  // The same, or 0 when none came in time.
  int wait_for(std::chrono::milliseconds time) const;

 private:
  sigset_t set_{};
};

}  // namespace cli
