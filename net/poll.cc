#include "net/poll.h"

#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

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
  bool guest_ready = false;
  // The events being dispatched. A Poll destroyed meanwhile takes itself out of the rest of the
  // batch.
  std::array<epoll_event, kBatch> batch;
  int next = 0;
  int count = 0;
};

Poll::Poll(Loop& loop, int fd) : loop_(loop), fd_(fd) { loop_.poller().add(*this); }

Poll::~Poll() {
  if (fd_ >= 0) loop_.poller().remove(*this);
}

void Poll::signal(Ready what) {
  ready_ = static_cast<std::uint8_t>(ready_ | bit(what));
  if (Waiter* waiter = waiters_[static_cast<size_t>(what)]) waiter->on_ready();
}

Poller::Poller(int guest_fd) : impl_(std::make_unique<Impl>()) {
  impl_->epoll = epoll_create1(EPOLL_CLOEXEC);
  if (impl_->epoll < 0) die("epoll_create1");
  epoll_event event{};
  event.events = EPOLLIN;  // the one without a Poll
  if (epoll_ctl(impl_->epoll, EPOLL_CTL_ADD, guest_fd, &event) != 0) die("epoll_ctl");
}

Poller::~Poller() { ::close(impl_->epoll); }

size_t Poller::size() const { return impl_->registered; }

bool Poller::guest_ready() const { return impl_->guest_ready; }

void Poller::add(Poll& poll) {
  epoll_event event{};
  event.events = EPOLLIN | EPOLLPRI | EPOLLOUT | EPOLLRDHUP | EPOLLET;
  event.data.ptr = &poll;
  if (epoll_ctl(impl_->epoll, EPOLL_CTL_ADD, poll.fd_, &event) != 0) {
    poll.watch_ = Poll::Watch::kOff;
    poll.broken_ = true;
    ::shutdown(poll.fd_, SHUT_RDWR);
    return;
  }
  ++impl_->registered;
}

void Poller::remove(Poll& poll) {
  if (poll.is_watched()) {
    --impl_->registered;
    // Closing would do, but not while another process has the socket: one that takes over, or the
    // moment between fork and exec.
    epoll_ctl(impl_->epoll, EPOLL_CTL_DEL, poll.fd_, nullptr);
  }
  for (int i = impl_->next; i < impl_->count; ++i) {
    epoll_event& event = impl_->batch[static_cast<size_t>(i)];
    if (event.data.ptr == &poll) event.data.ptr = nullptr;
  }
}

void Poller::wait(int timeout_ms) {
  impl_->guest_ready = false;
  impl_->next = 0;
  impl_->count = epoll_wait(impl_->epoll, impl_->batch.data(), kBatch, timeout_ms);
  for (int i = 0; i < impl_->count; ++i) {
    if (impl_->batch[static_cast<size_t>(i)].data.ptr == nullptr) impl_->guest_ready = true;
  }
}

void Poller::dispatch() {
  Impl& impl = *impl_;
  for (; impl.next < impl.count; ++impl.next) {
    epoll_event& event = impl.batch[static_cast<size_t>(impl.next)];
    auto* poll = static_cast<Poll*>(event.data.ptr);
    if (poll == nullptr) continue;
    const bool broken = (event.events & (EPOLLERR | EPOLLHUP)) != 0;
    if (broken || (event.events & (EPOLLRDHUP | EPOLLPRI)) != 0) poll->more_behind_ = true;
    if (broken) poll->broken_ = true;
    if ((event.events & EPOLLPRI) != 0) poll->urgent_ = true;
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
