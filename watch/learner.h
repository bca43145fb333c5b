// Writes down which destinations were asked for. Workers gather them in tables of their own; this
// thread fetches the tables now and then, adds them up and replaces the file, so that no worker
// ever waits for the disk.
#pragma once

#include <atomic>
#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "aks/learned.h"
#include "base/result.h"
#include "config/schema.h"
#include "watch/basket.h"

namespace watch {

using LearnedBasket = Basket<aks::Learned>;

class Learner {
 public:
  // Asks workers to put their tables into the basket; returns how many will come.
  using Gather = std::function<std::size_t(const std::shared_ptr<LearnedBasket>&)>;

  // Reads the file, if there is one, so that it is continued, and writes it once, so that a place
  // that can't be written shows at once. Fails (proxy) with kIo or kBadRequest, naming the file.
  static base::Result<std::unique_ptr<Learner>> open(const config::Learn& settings);
  ~Learner();

  // Starts the thread. `gather` is called from it until `stop` returns.
  void start(Gather gather);
  // Returns when the file has what was seen so far, or after some seconds.
  void write_down();
  // Ends the thread. Nothing is written yet.
  void stop();
  // For after `stop`: adds what is left and writes the file for the last time.
  void finish(const std::vector<aks::Learned>& rest);

  // For other threads.
  std::uint64_t destinations() const { return destinations_.load(std::memory_order_relaxed); }
  std::uint64_t dropped() const { return dropped_.load(std::memory_order_relaxed); }

 private:
  Learner(const config::Learn& settings, aks::Learned learned);

  void run();
  void add(const std::vector<aks::Learned>& tables);
  base::Result<void> write();

  config::Learn settings_;
  aks::Learned learned_;  // the thread's own while it runs
  std::shared_ptr<LearnedBasket> basket_ = std::make_shared<LearnedBasket>();
  Gather gather_;
  std::atomic<std::uint64_t> destinations_{0};
  std::atomic<std::uint64_t> dropped_{0};
  std::mutex mutex_;
  std::condition_variable woken_;
  std::condition_variable written_;
  enum class Life { kRunning, kHurrying, kStopping } life_ = Life::kRunning;
  std::thread thread_;
};

}  // namespace watch
