#include "bench/load/poller.h"

#include <sys/epoll.h>

#include <algorithm>
#include <array>

namespace load {

Poller::Poller() : epoll_(::epoll_create1(EPOLL_CLOEXEC)) {}

void Poller::add(int fd, Handler& handler) {
  epoll_event event{};
  event.events = EPOLLIN | EPOLLOUT | EPOLLRDHUP | EPOLLET;
  event.data.ptr = &handler;
  ::epoll_ctl(epoll_.get(), EPOLL_CTL_ADD, fd, &event);
}

void Poller::wait(base::Instant deadline) {
  using std::chrono::nanoseconds;
  std::array<epoll_event, 256> events;
  const auto left = again_.empty()
                        ? std::max(nanoseconds(0), nanoseconds(deadline - base::steady_now()))
                        : nanoseconds(0);
  const timespec timeout{left.count() / 1'000'000'000, left.count() % 1'000'000'000};
  const int count = ::epoll_pwait2(epoll_.get(), events.data(), static_cast<int>(events.size()),
                                   &timeout, nullptr);
  now_ = base::steady_now();
  current_.swap(again_);
  for (int i = 0; i < count; ++i) {
    static_cast<Handler*>(events[static_cast<size_t>(i)].data.ptr)->on_ready();
  }
  for (Handler* handler : current_) handler->on_ready();
  current_.clear();
}

}  // namespace load
