#include "net/loop.h"

#include <uv.h>

#include <algorithm>
#include <mutex>
#include <vector>

#include "net/poll.h"

namespace net {
namespace {

constexpr int kNoLimit = -1;

// Milliseconds until `when`, rounded up, as epoll_wait takes them.
int wait_until(base::Instant when, base::Instant now) {
  if (when == base::kNever) return kNoLimit;
  if (when <= now) return 0;
  const auto left = std::chrono::ceil<base::Millis>(when - now);
  return static_cast<int>(std::min<base::Millis::rep>(left.count(), 60'000));
}

}  // namespace

struct Loop::Impl {
  Impl() : wheel(base::steady_now()), now(base::steady_now()) {
    uv_loop_init(&loop);
    loop.data = this;
    uv_async_init(&loop, &wake,
                  [](uv_async_t* handle) { static_cast<Impl*>(handle->loop->data)->run_posted(); });
    poller = std::make_unique<Poller>(uv_backend_fd(&loop));
  }

  ~Impl() {
    // Work that has not run by now is for objects that may be gone.
    posted.clear();
    deferred.clear();
    poller.reset();
    uv_close(reinterpret_cast<uv_handle_t*>(&wake), nullptr);
    // Requests that still run end here, as do the close callbacks of all handles.
    uv_run(&loop, UV_RUN_DEFAULT);
    uv_loop_close(&loop);
  }

  void run_posted() {
    std::vector<std::function<void()>> batch;
    {
      const std::lock_guard lock(mutex);
      batch.swap(posted);
    }
    for (auto& work : batch) work();
  }

  // One batch a turn: work that defers itself again shares the loop with I/O.
  void run_deferred() {
    std::vector<std::function<void()>> batch;
    batch.swap(deferred);
    for (auto& work : batch) work();
  }

  // What has to run before the descriptors are looked at, and how long they may be waited for.
  int prepare_wait() {
    run_deferred();
    // libuv tells the kernel of a new watch, and closes handles, only when it runs; it asks for
    // that with a timeout of 0.
    if (uv_backend_timeout(&loop) == 0) uv_run(&loop, UV_RUN_NOWAIT);
    // What ran may have asked for more of both.
    if (!deferred.empty() || uv_backend_timeout(&loop) == 0) return 0;
    return wait_until(wheel.next(), base::steady_now());
  }

  void turn() {
    const int timeout_ms = prepare_wait();
    if (life == Life::kStopping) return;
    poller->wait(timeout_ms);
    now = base::steady_now();
    poller->dispatch();
    if (poller->guest_ready()) uv_run(&loop, UV_RUN_NOWAIT);
    wheel.advance(now);
  }

  uv_loop_t loop;
  uv_async_t wake;
  std::vector<std::function<void()>> deferred;
  std::mutex mutex;  // guards posted
  std::vector<std::function<void()>> posted;
  TimerWheel wheel;
  base::Instant now;
  std::unique_ptr<Poller> poller;
  enum class Life : std::uint8_t { kRunning, kStopping } life = Life::kRunning;
};

Loop::Loop() : impl_(std::make_unique<Impl>()) {}

Loop::~Loop() = default;

void Loop::run() {
  impl_->now = base::steady_now();
  impl_->wheel.advance(impl_->now);
  while (impl_->life == Impl::Life::kRunning) impl_->turn();
  impl_->life = Impl::Life::kRunning;
}

void Loop::stop() { impl_->life = Impl::Life::kStopping; }

void Loop::post(std::function<void()> work) {
  {
    const std::lock_guard lock(impl_->mutex);
    impl_->posted.push_back(std::move(work));
  }
  uv_async_send(&impl_->wake);
}

void Loop::defer(std::function<void()> work) { impl_->deferred.push_back(std::move(work)); }

base::Instant Loop::now() const { return impl_->now; }

TimerWheel& Loop::timers() { return impl_->wheel; }

void Loop::arm(TimerWheel::Timer& timer, base::Instant when) { impl_->wheel.arm(timer, when); }

Poller& Loop::poller() { return *impl_->poller; }

uv_loop_s* Loop::raw() { return &impl_->loop; }

}  // namespace net
