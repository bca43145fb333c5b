#include "proxy/admin/acceptor.h"

#include <netinet/in.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <system_error>
#include <utility>

namespace proxy::admin {
namespace {

constexpr int kBacklog = 16;
// How long accepting rests after an error that would come again at once (EMFILE, ENOMEM).
constexpr int kPauseMs = 100;

struct SocketAddress {
  sockaddr_storage storage{};
  socklen_t size = sizeof(sockaddr_storage);
  sockaddr* get() { return reinterpret_cast<sockaddr*>(&storage); }
};

SocketAddress to_native(const base::Endpoint& endpoint) {
  SocketAddress native;
  const auto& octets = endpoint.address.octets();
  if (endpoint.address.is_v4()) {
    sockaddr_in v4{};
    v4.sin_family = AF_INET;
    v4.sin_port = htons(endpoint.port);
    std::memcpy(&v4.sin_addr, octets.data(), sizeof(v4.sin_addr));
    std::memcpy(&native.storage, &v4, native.size = sizeof(v4));
  } else {
    sockaddr_in6 v6{};
    v6.sin6_family = AF_INET6;
    v6.sin6_port = htons(endpoint.port);
    std::memcpy(&v6.sin6_addr, octets.data(), sizeof(v6.sin6_addr));
    std::memcpy(&native.storage, &v6, native.size = sizeof(v6));
  }
  return native;
}

std::uint16_t port_of(int fd) {
  SocketAddress bound;
  if (::getsockname(fd, bound.get(), &bound.size) != 0) return 0;
  // The port is at the same place in both families.
  sockaddr_in v4{};
  std::memcpy(&v4, &bound.storage, sizeof(v4));
  return ntohs(v4.sin_port);
}

base::Failure cannot(const base::Endpoint& endpoint, std::string_view advice) {
  const int cause = errno;
  return base::fail(base::ErrorCode::kIo, base::Party::kProxy,
                    "the admin endpoint " + endpoint.to_string() + " cannot be opened (" +
                        base::errno_name(cause) + "); " + std::string(advice),
                    cause);
}

std::string_view advice_for(int cause) {
  switch (cause) {
    case EADDRINUSE: return "another process has the port: stop it or change admin.listen";
    case EADDRNOTAVAIL: return "this machine has no such address: change admin.listen";
    case EACCES: return "ports below 1024 need a privilege: change admin.listen";
    default: return "check admin.listen";
  }
}

bool listen_on(int fd, const base::Endpoint& endpoint) {
  const int on = 1;
  // Only SO_REUSEADDR: with SO_REUSEPORT a second proxy would share the port unnoticed.
  if (::setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on)) != 0) return false;
  SocketAddress native = to_native(endpoint);
  return ::bind(fd, native.get(), native.size) == 0 && ::listen(fd, kBacklog) == 0;
}

}  // namespace

Descriptor::~Descriptor() {
  if (fd_ >= 0) ::close(fd_);
}

base::Result<std::unique_ptr<Acceptor>> Acceptor::start(const base::Endpoint& endpoint,
                                                        std::size_t threads, Serve serve) {
  const int family = endpoint.address.is_v4() ? AF_INET : AF_INET6;
  const int listen_fd = ::socket(family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  if (listen_fd < 0) return cannot(endpoint, "check admin.listen and the descriptor limit");
  std::unique_ptr<Acceptor> acceptor(new Acceptor(
      listen_fd, ::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK), endpoint, std::move(serve)));
  if (acceptor->stop_.get() < 0) return cannot(endpoint, "check the descriptor limit");
  if (!listen_on(listen_fd, endpoint)) return cannot(endpoint, advice_for(errno));
  acceptor->endpoint_.port = port_of(listen_fd);
  try {
    for (std::size_t i = 0; i < threads; ++i) {
      acceptor->threads_.emplace_back([self = acceptor.get()] { self->run(); });
    }
  } catch (const std::system_error& error) {
    errno = error.code().value();
    return cannot(endpoint, "check the limits of threads and memory");
  }
  return acceptor;
}

Acceptor::Acceptor(int listen_fd, int stop_fd, const base::Endpoint& endpoint, Serve serve)
    : listen_(listen_fd), stop_(stop_fd), endpoint_(endpoint), serve_(std::move(serve)) {}

Acceptor::~Acceptor() {
  const std::uint64_t one = 1;
  while (!threads_.empty() && ::write(stop_.get(), &one, sizeof(one)) < 0 && errno == EINTR) {
  }
  for (std::thread& thread : threads_) thread.join();
}

void Acceptor::run() const {
  for (;;) {
    pollfd fds[] = {{listen_.get(), POLLIN, 0}, {stop_.get(), POLLIN, 0}};
    if (::poll(fds, 2, -1) < 0 && errno == EINTR) continue;
    if (fds[1].revents != 0) return;
    const Descriptor client(
        ::accept4(listen_.get(), nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK));
    if (client.get() >= 0) {
      serve_(client.get(), stop_.get());
    } else if (errno != EAGAIN && errno != EINTR && errno != ECONNABORTED) {
      ::poll(&fds[1], 1, kPauseMs);
    }
  }
}

}  // namespace proxy::admin
