// Threads for what a small server's loop must not do itself: work that takes long, or waits for
// other threads. Clients take turns, so that one with much to do delays nobody else's work by more
// than what has begun.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <deque>
#include <functional>
#include <mutex>
#include <optional>
#include <thread>
#include <utility>
#include <vector>

#include "base/ip.h"

namespace http1 {

class Hands {
 public:
  // Of heavy work, which needs much memory, one piece is done at a time.
  enum class Weight : std::uint8_t { kLight, kHeavy };

  // Throws std::system_error when there are no threads to be had.
  explicit Hands(std::size_t threads);
  // Waits for what has begun; the rest is dropped.
  ~Hands();
  Hands(const Hands&) = delete;
  Hands& operator=(const Hands&) = delete;

  // Has `work` done soon, on one of the threads; it must not throw. For any thread.
  void give(const base::IpAddress& party, Weight weight, std::function<void()> work);

 private:
  struct Job {
    Weight weight;
    std::function<void()> work;
  };
  struct Queue {
    base::IpAddress party;
    std::deque<Job> jobs;
  };

  void run();
  std::optional<Job> take();

  std::mutex guard_;  // of all that follows
  std::condition_variable wake_;
  std::deque<Queue> queues_;  // none is empty; the first client is the next
  enum class Heavy : std::uint8_t { kNone, kUnderWay } heavy_ = Heavy::kNone;
  enum class Life : std::uint8_t { kServing, kEnding } life_ = Life::kServing;
  std::vector<std::thread> threads_;
};

}  // namespace http1
