#include "net/poll.h"

#include <sys/epoll.h>
#include <unistd.h>
#include <uv.h>

#include <array>
#include <cstdio>
#include <cstdlib>
#include <cstring>

#include "net/loop.h"

namespace net {
namespace {

constexpr int kBatch = 256;

[[noreturn]] void die(const char* what) {
  std::fprintf(stderr, "sluice: %s failed: %s; raise fs.epoll.max_user_watches or free memory\n",
               what, std::strerror(errno));
  std::abort();
}

}  // namespace

struct Poller::Impl {
  int epoll = -1;
  size_t registered = 0;
  // The events being dispatched. A Poll destroyed meanwhile takes itself out of the rest of the
  // batch.
  std::array<epoll_event, kBatch> batch;
  int next = 0;
  int count = 0;
  uv_poll_t* handle = nullptr;  // freed by its close callback, which outlives this object
};

Poll::Poll(Loop& loop, int fd) : loop_(loop), fd_(fd) { loop_.poller().add(*this); }

Poll::~Poll() { loop_.poller().remove(*this); }

Poller::Poller(Loop& loop) : impl_(std::make_unique<Impl>()) {
  impl_->epoll = epoll_create1(EPOLL_CLOEXEC);
  if (impl_->epoll < 0) die("epoll_create1");
  impl_->handle = new uv_poll_t;
  if (uv_poll_init(loop.raw(), impl_->handle, impl_->epoll) != 0) die("uv_poll_init");
  impl_->handle->data = impl_.get();
  uv_poll_start(impl_->handle, UV_READABLE,
                [](uv_poll_t* handle, int, int) { dispatch(*static_cast<Impl*>(handle->data)); });
}

Poller::~Poller() {
  uv_poll_stop(impl_->handle);
  uv_close(reinterpret_cast<uv_handle_t*>(impl_->handle),
           [](uv_handle_t* handle) { delete reinterpret_cast<uv_poll_t*>(handle); });
  ::close(impl_->epoll);
}

size_t Poller::size() const { return impl_->registered; }

void Poller::add(Poll& poll) {
  epoll_event event{};
  event.events = EPOLLIN | EPOLLPRI | EPOLLOUT | EPOLLRDHUP | EPOLLET;
  event.data.ptr = &poll;
  if (epoll_ctl(impl_->epoll, EPOLL_CTL_ADD, poll.fd_, &event) != 0) die("epoll_ctl");
  ++impl_->registered;
}

void Poller::remove(Poll& poll) {
  // Closing the descriptor would do for the kernel, unless a duplicate of it lives on; be exact.
  epoll_ctl(impl_->epoll, EPOLL_CTL_DEL, poll.fd_, nullptr);
  --impl_->registered;
  for (int i = impl_->next; i < impl_->count; ++i) {
    epoll_event& event = impl_->batch[static_cast<size_t>(i)];
    if (event.data.ptr == &poll) event.data.ptr = nullptr;
  }
}

void Poller::dispatch(Impl& impl) {
  impl.next = 0;
  impl.count = epoll_wait(impl.epoll, impl.batch.data(), kBatch, 0);
  for (; impl.next < impl.count; ++impl.next) {
    epoll_event& event = impl.batch[static_cast<size_t>(impl.next)];
    auto* poll = static_cast<Poll*>(event.data.ptr);
    if (poll == nullptr) continue;
    const bool broken = (event.events & (EPOLLERR | EPOLLHUP)) != 0;
    if (broken || (event.events & (EPOLLRDHUP | EPOLLPRI)) != 0) poll->more_behind_ = true;
    const bool read = broken || (event.events & (EPOLLIN | EPOLLPRI | EPOLLRDHUP)) != 0;
    const bool write = broken || (event.events & EPOLLOUT) != 0;
    if (read) poll->ready_ |= Poll::bit(Ready::kRead);
    if (write) poll->ready_ |= Poll::bit(Ready::kWrite);
    if (read && poll->waiters_[0] != nullptr) poll->waiters_[0]->on_ready();
    // The reader may have destroyed the Poll; remove() then cleared the event.
    if (event.data.ptr == nullptr) continue;
    if (write && poll->waiters_[1] != nullptr) poll->waiters_[1]->on_ready();
  }
  impl.count = 0;
}

}  // namespace net
