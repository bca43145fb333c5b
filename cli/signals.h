// The signals that steer a running server.
#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <csignal>
#include <deque>
#include <initializer_list>
#include <mutex>
#include <thread>

#include "base/clock.h"

namespace cli {

// TERM, INT, HUP, USR1 and what else is named, blocked in every thread started later and taken one
// by one, so that no code runs in a signal handler. A thread of its own receives them, whatever the
// others wait for, and sees to it that the process ends: a while after the first TERM or INT, and
// soon after the second, it stops waiting for those who tidy up.
class Signals {
 public:
  Signals(std::initializer_list<int> more = {});
  ~Signals();
  Signals(const Signals&) = delete;
  Signals& operator=(const Signals&) = delete;

  // The next signal's number, or 0 when none came in time.
  int wait_for(std::chrono::milliseconds time);

  // How long the process may take to end from the first TERM or INT on; a margin is added.
  void allow(std::chrono::milliseconds to_end) { to_end_ms_ = to_end.count(); }

 private:
  // From the second TERM or INT on, and beyond what is allowed after the first.
  static constexpr std::chrono::milliseconds kMargin{5000};

  void run();
  void receive(int number);

  sigset_t set_{};
  std::mutex guard_;  // of what follows
  std::condition_variable changed_;
  std::deque<int> waiting_;
  enum class Life : unsigned char { kServing, kOver } life_ = Life::kServing;

  std::atomic<std::chrono::milliseconds::rep> to_end_ms_{60'000};
  int ends_ = 0;  // TERM and INT so far; the thread's own, as is what follows
  base::Instant end_by_ = base::kNever;
  std::thread thread_;
};

}  // namespace cli
