// Where workers hand over what they gathered, to a thread that waits for it.
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <mutex>
#include <utility>
#include <vector>

namespace watch {

// Shared with the workers, so that one that answers late finds it alive; what it puts is taken in
// the next round.
template <typename T>
class Basket {
 public:
  void put(T item) {
    const std::lock_guard lock(mutex_);
    items_.push_back(std::move(item));
    changed_.notify_one();
  }

  // What was put since, once `count` items came or the time is up.
  std::vector<T> take(std::size_t count, std::chrono::milliseconds limit) {
    std::unique_lock lock(mutex_);
    changed_.wait_for(lock, limit, [&] { return items_.size() >= count; });
    return std::exchange(items_, {});
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<T> items_;
};

}  // namespace watch
