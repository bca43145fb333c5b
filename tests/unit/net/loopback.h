// Two ends of a real TCP connection over loopback, for what socket pairs can't show.
#pragma once

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <string>
#include <utility>

#include "base/ip.h"
#include "net/endpoint.h"

namespace net::test {

// A listening socket on a loopback address. `backlog` as in listen(2).
class TestListener {
 public:
  explicit TestListener(const std::string& address = "127.0.0.1", std::uint16_t port = 0,
                        int backlog = 16) {
    const auto parsed = base::IpAddress::parse(address);
    const SockAddr at = to_sockaddr({*parsed, port});
    fd_ = ::socket(at.storage.ss_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
    const int on = 1;
    ::setsockopt(fd_, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    listening_ = ::bind(fd_, at.get(), at.size) == 0 && ::listen(fd_, backlog) == 0;
    endpoint_ = local_endpoint(fd_);
  }
  ~TestListener() { ::close(fd_); }
  TestListener(const TestListener&) = delete;
  TestListener& operator=(const TestListener&) = delete;

  bool listening() const { return listening_; }
  const base::Endpoint& endpoint() const { return endpoint_; }
  // -1 where nobody has connected yet.
  int accept_now() const {
    pollfd there{fd_, POLLIN, 0};
    return ::poll(&there, 1, 0) == 1 ? accept() : -1;
  }
  // Blocks; the caller closes the descriptor.
  int accept() const { return ::accept4(fd_, nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC); }

 private:
  int fd_ = -1;
  bool listening_ = false;
  base::Endpoint endpoint_;
};

// A listener whose queue is full: the kernel leaves further connection requests unanswered, as a
// firewall does that drops them.
class FullListener {
 public:
  explicit FullListener(const std::string& address, std::uint16_t port = 0)
      : listener_(address, port, 0) {
    const SockAddr to = to_sockaddr(listener_.endpoint());
    for (int& fd : fillers_) {
      fd = ::socket(to.storage.ss_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
      ::connect(fd, to.get(), to.size);
    }
  }
  ~FullListener() {
    for (const int fd : fillers_) ::close(fd);
  }
  FullListener(const FullListener&) = delete;
  FullListener& operator=(const FullListener&) = delete;

  const base::Endpoint& endpoint() const { return listener_.endpoint(); }

 private:
  TestListener listener_;
  std::array<int, 4> fillers_{};
};

// The descriptors of a connected pair, non-blocking.
inline std::pair<int, int> nonblocking_pair() {
  const TestListener listener;
  const SockAddr to = to_sockaddr(listener.endpoint());
  const int near = ::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  ::connect(near, to.get(), to.size);
  return {near, listener.accept()};
}

}  // namespace net::test
