// Two ends of a TCP connection over loopback as plain descriptors, and blocking calls for the end
// that the test holds.
#pragma once

#include <fcntl.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>
#include <utility>

#include "net/endpoint.h"

namespace net {

// A test without its connection has nothing to say: it ends here.
inline void must(int returned, const char* call) {
  if (returned >= 0) return;
  std::perror(call);
  std::abort();
}

// The far end, blocking, and the near end, non-blocking as net::Socket takes it over. `buffer`
// bounds the kernel's buffers of both ends in octets; 0 leaves them alone.
inline std::pair<int, int> tcp_pair(int buffer = 0) {
  const auto limit = [&](int fd) {
    if (buffer == 0) return;
    ::setsockopt(fd, SOL_SOCKET, SO_SNDBUF, &buffer, sizeof buffer);
    ::setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &buffer, sizeof buffer);
  };
  const SockAddr any = to_sockaddr({base::IpAddress::v4({127, 0, 0, 1}), 0});
  const int listener = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  limit(listener);  // accepted sockets inherit it
  must(::bind(listener, any.get(), any.size), "bind");
  must(::listen(listener, 1), "listen");
  const SockAddr there = to_sockaddr(local_endpoint(listener));
  const int far = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  limit(far);
  must(::connect(far, there.get(), there.size), "connect");
  const int near = ::accept4(listener, nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC);
  must(near, "accept4");
  ::close(listener);
  return {far, near};
}

// Writes all of `text`, or as much as the peer takes before it is gone.
inline void write_all(int fd, std::string_view text) {
  while (!text.empty()) {
    const ssize_t put = ::send(fd, text.data(), text.size(), MSG_NOSIGNAL);
    if (put < 0) return;
    text.remove_prefix(static_cast<size_t>(put));
  }
}

// Reads to the end; a reset shows as "RST" behind the bytes that came before it.
inline std::string read_all(int fd) {
  std::string out;
  std::array<char, 16384> buffer;
  for (;;) {
    const ssize_t got = ::recv(fd, buffer.data(), buffer.size(), 0);
    if (got < 0 && errno == ECONNRESET) return out + "RST";
    if (got <= 0) return out;
    out.append(buffer.data(), static_cast<size_t>(got));
  }
}

// Closes with a reset in place of FIN.
inline void reset(int fd) {
  const linger now{1, 0};
  ::setsockopt(fd, SOL_SOCKET, SO_LINGER, &now, sizeof now);
  ::close(fd);
}

}  // namespace net
