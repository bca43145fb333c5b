#include "net/loop.h"

#include <uv.h>

#include <mutex>
#include <vector>

#include "net/poll.h"

namespace net {

struct Loop::Impl {
  uv_loop_t loop;
  uv_async_t wake;
  uv_prepare_t before_wait;
  uv_idle_t dont_sleep;
  uv_timer_t tick;
  std::vector<std::function<void()>> deferred;
  std::mutex mutex;  // guards posted
  std::vector<std::function<void()>> posted;
  std::unique_ptr<TimerWheel> wheel;
  std::unique_ptr<Poller> poller;
  bool ticking = false;

  base::Instant now() const { return base::Instant(std::chrono::milliseconds(uv_now(&loop))); }

  void run_posted() {
    std::vector<std::function<void()>> batch;
    {
      const std::lock_guard lock(mutex);
      batch.swap(posted);
    }
    for (auto& work : batch) work();
  }

  // One batch a turn: work that defers itself again shares the loop with I/O. The idle handle keeps
  // the loop from sleeping while any is left.
  void run_deferred() {
    std::vector<std::function<void()>> batch;
    batch.swap(deferred);
    for (auto& work : batch) work();
    if (deferred.empty()) {
      uv_idle_stop(&dont_sleep);
    } else {
      uv_idle_start(&dont_sleep, [](uv_idle_t*) {});
    }
  }

  void advance() {
    wheel->advance(now());
    if (wheel->armed() == 0) {
      uv_timer_stop(&tick);
      ticking = false;
    }
  }
};

Loop::Loop() : impl_(std::make_unique<Impl>()) {
  uv_loop_init(&impl_->loop);
  impl_->loop.data = impl_.get();
  uv_async_init(&impl_->loop, &impl_->wake,
                [](uv_async_t* handle) { static_cast<Impl*>(handle->loop->data)->run_posted(); });
  uv_prepare_init(&impl_->loop, &impl_->before_wait);
  uv_prepare_start(&impl_->before_wait, [](uv_prepare_t* handle) {
    static_cast<Impl*>(handle->loop->data)->run_deferred();
  });
  uv_idle_init(&impl_->loop, &impl_->dont_sleep);
  uv_timer_init(&impl_->loop, &impl_->tick);
  impl_->wheel = std::make_unique<TimerWheel>(impl_->now());
  impl_->poller = std::make_unique<Poller>(*this);
}

Loop::~Loop() {
  // Work that has not run by now is for objects that may be gone.
  impl_->posted.clear();
  impl_->deferred.clear();
  impl_->poller.reset();
  uv_close(reinterpret_cast<uv_handle_t*>(&impl_->wake), nullptr);
  uv_close(reinterpret_cast<uv_handle_t*>(&impl_->before_wait), nullptr);
  uv_close(reinterpret_cast<uv_handle_t*>(&impl_->dont_sleep), nullptr);
  uv_close(reinterpret_cast<uv_handle_t*>(&impl_->tick), nullptr);
  // A stop that no run has seen yet would end the run below before its first turn.
  uv_run(&impl_->loop, UV_RUN_NOWAIT);
  // Close callbacks of all handles, those of other rooms included, run here.
  uv_run(&impl_->loop, UV_RUN_DEFAULT);
  uv_loop_close(&impl_->loop);
}

void Loop::run() { uv_run(&impl_->loop, UV_RUN_DEFAULT); }

void Loop::stop() { uv_stop(&impl_->loop); }

void Loop::post(std::function<void()> work) {
  {
    const std::lock_guard lock(impl_->mutex);
    impl_->posted.push_back(std::move(work));
  }
  uv_async_send(&impl_->wake);
}

void Loop::defer(std::function<void()> work) { impl_->deferred.push_back(std::move(work)); }

base::Instant Loop::now() const { return impl_->now(); }

TimerWheel& Loop::timers() { return *impl_->wheel; }

void Loop::arm(TimerWheel::Timer& timer, base::Instant when) {
  if (!impl_->ticking && when != base::kNever) {
    // The wheel slept: bring it up to date before placing anything in it.
    uv_update_time(&impl_->loop);
    impl_->wheel->advance(impl_->now());
    impl_->ticking = true;
    const auto tick_ms = static_cast<std::uint64_t>(TimerWheel::kTick.count());
    uv_timer_start(
        &impl_->tick, [](uv_timer_t* handle) { static_cast<Impl*>(handle->loop->data)->advance(); },
        tick_ms, tick_ms);
  }
  impl_->wheel->arm(timer, when);
}

Poller& Loop::poller() { return *impl_->poller; }

uv_loop_s* Loop::raw() { return &impl_->loop; }

}  // namespace net
