#include "http1/hands.h"

#include <algorithm>

namespace http1 {

Hands::Hands(std::size_t threads) {
  try {
    for (std::size_t i = 0; i < threads; ++i) threads_.emplace_back([this] { run(); });
  } catch (...) {
    {
      const std::lock_guard lock(guard_);
      life_ = Life::kEnding;
    }
    wake_.notify_all();
    for (std::thread& thread : threads_) thread.join();
    throw;
  }
}

Hands::~Hands() {
  {
    const std::lock_guard lock(guard_);
    life_ = Life::kEnding;
  }
  wake_.notify_all();
  for (std::thread& thread : threads_) thread.join();
}

void Hands::give(const base::IpAddress& party, Weight weight, std::function<void()> work) {
  {
    const std::lock_guard lock(guard_);
    auto mine = std::find_if(queues_.begin(), queues_.end(),
                             [&party](const Queue& queue) { return queue.party == party; });
    if (mine == queues_.end()) mine = queues_.insert(queues_.end(), {party, {}});
    mine->jobs.push_back({weight, std::move(work)});
  }
  wake_.notify_one();
}

// The next client's first job that may be done now; that client is the last then.
std::optional<Hands::Job> Hands::take() {
  for (auto queue = queues_.begin(); queue != queues_.end(); ++queue) {
    const auto job = std::find_if(queue->jobs.begin(), queue->jobs.end(), [this](const Job& each) {
      return each.weight == Weight::kLight || heavy_ == Heavy::kNone;
    });
    if (job == queue->jobs.end()) continue;
    Job taken = std::move(*job);
    queue->jobs.erase(job);
    Queue rest = std::move(*queue);
    queues_.erase(queue);
    if (!rest.jobs.empty()) queues_.push_back(std::move(rest));
    return taken;
  }
  return std::nullopt;
}

void Hands::run() {
  std::unique_lock lock(guard_);
  for (;;) {
    std::optional<Job> job;
    wake_.wait(lock, [&] {
      if (life_ == Life::kServing) job = take();
      return job.has_value() || life_ == Life::kEnding;
    });
    if (!job) return;
    const bool heavy = job->weight == Weight::kHeavy;
    if (heavy) heavy_ = Heavy::kUnderWay;
    lock.unlock();
    job->work();
    job.reset();
    lock.lock();
    if (!heavy) continue;
    heavy_ = Heavy::kNone;
    wake_.notify_one();  // whoever passed over a heavy job
  }
}

}  // namespace http1
