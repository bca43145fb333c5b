#include "bench/limit/tunnel.h"

#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <string_view>

#include "base/ip.h"
#include "net/endpoint.h"

namespace limit {
namespace {

constexpr std::string_view kAnswer = "HTTP/1.1 200 OK\r\n\r\n";

void send_at_once(int fd) {
  const int on = 1;
  ::setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
}

ssize_t move(int from, int to, std::size_t octets) {
  return ::splice(from, nullptr, to, nullptr, octets, SPLICE_F_NONBLOCK | SPLICE_F_MOVE);
}

}  // namespace

Epoll::Epoll() : fd_(::epoll_create1(EPOLL_CLOEXEC)) {}

void Epoll::add(int fd, void* data) const {
  epoll_event event{};
  event.events = EPOLLIN | EPOLLOUT | EPOLLRDHUP | EPOLLET;
  event.data.ptr = data;
  ::epoll_ctl(fd_, EPOLL_CTL_ADD, fd, &event);
}

Pipe Pipes::take() {
  Pipe pipe{-1, -1};
  if (!free_.empty()) {
    pipe = free_.back();
    free_.pop_back();
  } else if (::pipe2(pipe.data(), O_NONBLOCK | O_CLOEXEC) == 0) {
    ::fcntl(pipe[1], F_SETPIPE_SZ, kCapacity);
  }
  return pipe;
}

Tunnel::Tunnel(const Epoll& epoll, Pipes& pipes, int client) : epoll_(epoll), pipes_(pipes) {
  client_.tunnel = origin_.tunnel = this;
  client_.fd = client;
  send_at_once(client);
  epoll_.add(client, &client_);
}

Tunnel::~Tunnel() {
  for (const Side* side : {&client_, &origin_}) {
    if (side->fd >= 0) ::close(side->fd);
    // Octets are left in it, so it can't go back to the pool.
    if (side->pipe[0] >= 0) {
      ::close(side->pipe[0]);
      ::close(side->pipe[1]);
    }
  }
}

void Tunnel::on_events(Side& side, std::uint32_t events) {
  if (!step(side, events)) state_ = State::kOver;
}

// False when the tunnel is over.
bool Tunnel::step(Side& side, std::uint32_t events) {
  if (state_ == State::kHead) return dial();
  if (state_ == State::kDialling) {
    if (&side == &client_) return (events & (EPOLLRDHUP | EPOLLHUP | EPOLLERR)) == 0;
    return answer();
  }
  Side& other = &side == &client_ ? origin_ : client_;
  const bool end_in_sight = (events & (EPOLLRDHUP | EPOLLHUP | EPOLLERR)) != 0;
  if ((events & EPOLLOUT) != 0 && other.piped > 0 && !pump(other, side, true)) return false;
  if ((events & EPOLLIN) == 0 && !end_in_sight) return true;
  return pump(side, other, end_in_sight);
}

bool Tunnel::dial() {
  std::array<char, 4096> head;
  const ssize_t got = ::recv(client_.fd, head.data(), head.size(), 0);
  if (got < 0) return errno == EAGAIN;
  std::string_view text(head.data(), static_cast<std::size_t>(got));
  if (!text.starts_with("CONNECT ")) return false;
  text.remove_prefix(8);
  const auto target = base::Endpoint::parse(text.substr(0, text.find(' ')));
  if (!target || !target->address.is_v4()) return false;
  origin_.fd = ::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  if (origin_.fd < 0) return false;
  send_at_once(origin_.fd);
  const net::SockAddr address = net::to_sockaddr(*target);
  if (::connect(origin_.fd, address.get(), address.size) != 0 && errno != EINPROGRESS) return false;
  state_ = State::kDialling;
  epoll_.add(origin_.fd, &origin_);
  return true;
}

bool Tunnel::answer() {
  int error = 0;
  socklen_t size = sizeof error;
  ::getsockopt(origin_.fd, SOL_SOCKET, SO_ERROR, &error, &size);
  state_ = State::kOpen;
  return error == 0 && ::send(client_.fd, kAnswer.data(), kAnswer.size(), MSG_NOSIGNAL) ==
                           static_cast<ssize_t>(kAnswer.size());
}

// Moves what there is until one side would block. `end_in_sight`: an end may stand behind the
// octets, and no further event would tell of it.
bool Tunnel::pump(Side& from, Side& to, bool end_in_sight) {
  for (;;) {
    bool drained = false;
    if (from.piped == 0) {
      if (from.ended) return true;
      if (from.pipe[0] < 0) from.pipe = pipes_.take();
      const ssize_t in = move(from.fd, from.pipe[1], Pipes::kCapacity);
      if (in <= 0) {
        const int cause = errno;
        pipes_.give(from.pipe);
        from.pipe = {-1, -1};
        if (in < 0) return cause == EAGAIN;
        from.ended = true;
        ::shutdown(to.fd, SHUT_WR);
        return !to.ended;
      }
      from.piped = static_cast<std::size_t>(in);
      // Fewer octets than the pipe has slots: it was the socket that had no more.
      drained = from.piped < Pipes::kSlots && !end_in_sight;
    }
    const ssize_t out = move(from.pipe[0], to.fd, from.piped);
    if (out < 0) return errno == EAGAIN;
    from.piped -= static_cast<std::size_t>(out);
    if (from.piped == 0 && drained) {
      pipes_.give(from.pipe);
      from.pipe = {-1, -1};
      return true;
    }
  }
}

}  // namespace limit
