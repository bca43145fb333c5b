// The least a CONNECT proxy can do: read one head, dial the address in it, answer 200, and splice
// both ways with one edge-triggered epoll. No checks, no limits, no log, no names, no deadlines: it
// is not a proxy to use, but what bench/compare takes for the kernel's own price.
//
//   limit 127.0.0.1:3128
#include <netinet/in.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstring>
#include <memory>
#include <vector>

#include "base/ip.h"
#include "bench/limit/tunnel.h"
#include "net/endpoint.h"

namespace {

constexpr int kBacklog = 4096;

int open_listener(const base::Endpoint& at) {
  const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  const int on = 1;
  ::setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  const net::SockAddr address = net::to_sockaddr(at);
  if (::bind(fd, address.get(), address.size) != 0 || ::listen(fd, kBacklog) != 0) return -1;
  return fd;
}

[[noreturn]] void serve(int listener) {
  const limit::Epoll epoll;
  limit::Pipes pipes;
  std::vector<std::unique_ptr<limit::Tunnel>> over;  // events of this round may still name them
  epoll.add(listener, nullptr);
  for (std::array<epoll_event, 256> events;;) {
    const int count = ::epoll_wait(epoll.fd(), events.data(), events.size(), -1);
    for (int i = 0; i < count; ++i) {
      const epoll_event& event = events[static_cast<size_t>(i)];
      if (event.data.ptr == nullptr) {
        for (int fd = 0;
             (fd = ::accept4(listener, nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC)) >= 0;) {
          new limit::Tunnel(epoll, pipes, fd);  // owned by its events until it is over
        }
        continue;
      }
      auto& side = *static_cast<limit::Tunnel::Side*>(event.data.ptr);
      limit::Tunnel& tunnel = *side.tunnel;
      if (tunnel.over()) continue;
      tunnel.on_events(side, event.events);
      if (tunnel.over()) over.emplace_back(&tunnel);
    }
    over.clear();
  }
}

}  // namespace

int main(int argc, char** argv) {
  const auto at = argc == 2 ? base::Endpoint::parse(argv[1]) : std::nullopt;
  if (!at || !at->address.is_v4()) {
    std::fputs("usage: limit IPV4_ADDRESS:PORT, as limit 127.0.0.1:3128\n", stderr);
    return 2;
  }
  rlimit files{};
  ::getrlimit(RLIMIT_NOFILE, &files);
  files.rlim_cur = files.rlim_max;
  ::setrlimit(RLIMIT_NOFILE, &files);
  ::signal(SIGPIPE, SIG_IGN);
  const int listener = open_listener(*at);
  if (listener < 0) {
    std::fprintf(stderr, "limit: can't listen on %s: %s\n", argv[1], std::strerror(errno));
    return 3;
  }
  serve(listener);
}
