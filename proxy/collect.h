// Asks all workers for something from another thread.
#pragma once

#include <chrono>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <vector>

#include "proxy/worker.h"

namespace proxy {

inline constexpr std::chrono::seconds kCollectLimit{1};

// Filled by the workers' threads; shared with them, so that a worker that answers late finds it
// alive.
template <typename Answer>
struct Collected {
  std::mutex mutex;
  std::condition_variable changed;
  std::vector<Answer> answers;
};

// What `ask` returns of each worker, called on the worker's thread. Those too busy to answer within
// kCollectLimit are left out.
template <typename Answer>
std::vector<Answer> collect(const std::vector<std::unique_ptr<Worker>>& workers,
                            Answer (*ask)(Worker&)) {
  const auto collected = std::make_shared<Collected<Answer>>();
  for (const auto& worker : workers) {
    worker->visit([collected, ask](Worker& visited) {
      Answer answer = ask(visited);
      const std::lock_guard lock(collected->mutex);
      collected->answers.push_back(std::move(answer));
      collected->changed.notify_one();
    });
  }
  std::unique_lock lock(collected->mutex);
  collected->changed.wait_for(lock, kCollectLimit,
                              [&] { return collected->answers.size() == workers.size(); });
  return collected->answers;
}

}  // namespace proxy
