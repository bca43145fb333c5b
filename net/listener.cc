#include "net/listener.h"

#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <string>
#include <string_view>
#include <utility>

#include "net/endpoint.h"
#include "net/loop.h"
#include "net/socket.h"

namespace net {
namespace {

constexpr int kAcceptsPerTurn = 32;
constexpr int kBacklog = 4096;  // the kernel lowers it to net.core.somaxconn

base::Failure listen_error(const base::Endpoint& endpoint, int cause) {
  std::string next;
  switch (cause) {
    case EADDRINUSE: next = "another process listens there; stop it or choose another port"; break;
    case EADDRNOTAVAIL: next = "this machine does not have that address"; break;
    case EACCES: next = "ports below 1024 need CAP_NET_BIND_SERVICE; choose a higher port"; break;
    case EAFNOSUPPORT: next = "the kernel has no support for this address family"; break;
    default: next = "see the system's message";
  }
  return base::fail(
      base::ErrorCode::kIo, base::Party::kProxy,
      "cannot listen on " + endpoint.to_string() + " (" + base::errno_name(cause) + "); " + next,
      cause);
}

enum class Sharing { kExclusive, kReusePort };

base::Result<int> bound_socket(const base::Endpoint& endpoint, ListeningSocket::Stack stack,
                               Sharing sharing) {
  const SockAddr address = to_sockaddr(endpoint);
  const int fd = ::socket(address.storage.ss_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  if (fd < 0) return listen_error(endpoint, errno);
  const int on = 1;
  ::setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  if (sharing == Sharing::kReusePort) ::setsockopt(fd, SOL_SOCKET, SO_REUSEPORT, &on, sizeof on);
  if (!endpoint.address.is_v4()) {
    const int v6_only = stack == ListeningSocket::Stack::kV6Only ? 1 : 0;
    ::setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &v6_only, sizeof v6_only);
  }
  if (::bind(fd, address.get(), address.size) != 0) {
    const int cause = errno;
    ::close(fd);
    return listen_error(endpoint, cause);
  }
  return fd;
}

// Accepted sockets inherit these from the one that listens: set once for all of them.
void set_for_accepted(int fd) {
  const int on = 1;
  ::setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  start_keep_alive(fd);
}

int option_of(int fd, int name) {
  int value = 0;
  socklen_t size = sizeof value;
  return ::getsockopt(fd, SOL_SOCKET, name, &value, &size) == 0 ? value : -1;
}

}  // namespace

base::Result<ListeningSocket> ListeningSocket::open(const base::Endpoint& endpoint, Stack stack) {
  const auto fd = bound_socket(endpoint, stack, Sharing::kReusePort);
  if (!fd) return base::fail(fd.error());
  set_for_accepted(*fd);
  if (::listen(*fd, kBacklog) != 0) {
    const int cause = errno;
    ::close(*fd);
    return listen_error(endpoint, cause);
  }
  base::Endpoint bound = endpoint;
  bound.port = local_endpoint(*fd).port;
  return ListeningSocket(*fd, bound);
}

base::Result<void> ListeningSocket::check_free(const base::Endpoint& endpoint, Stack stack) {
  const auto fd = bound_socket(endpoint, stack, Sharing::kExclusive);
  if (!fd) return base::fail(fd.error());
  ::close(*fd);
  return {};
}

base::Result<ListeningSocket> ListeningSocket::adopt(int fd) {
  ListeningSocket socket(fd, {});  // closes it where it is of no use
  const int family = option_of(fd, SO_DOMAIN);
  if (option_of(fd, SO_ACCEPTCONN) != 1 || option_of(fd, SO_TYPE) != SOCK_STREAM ||
      (family != AF_INET && family != AF_INET6)) {
    return base::fail(base::ErrorCode::kIo, base::Party::kProxy,
                      "descriptor " + std::to_string(fd) +
                          ", which was handed over to this process, is no TCP socket that listens");
  }
  ::fcntl(fd, F_SETFD, FD_CLOEXEC);
  ::fcntl(fd, F_SETFL, ::fcntl(fd, F_GETFL) | O_NONBLOCK);
  set_for_accepted(fd);
  socket.endpoint_ = local_endpoint(fd);
  return socket;
}

base::Result<ListeningSocket> ListeningSocket::share() const {
  const int fd = ::fcntl(fd_, F_DUPFD_CLOEXEC, 0);
  if (fd < 0) return listen_error(endpoint_, errno);
  return ListeningSocket(fd, endpoint_);
}

bool ListeningSocket::shares_port() const { return option_of(fd_, SO_REUSEPORT) == 1; }

ListeningSocket::ListeningSocket(ListeningSocket&& other) noexcept
    : fd_(std::exchange(other.fd_, -1)), endpoint_(other.endpoint_) {}

ListeningSocket& ListeningSocket::operator=(ListeningSocket&& other) noexcept {
  std::swap(fd_, other.fd_);
  std::swap(endpoint_, other.endpoint_);
  return *this;
}

ListeningSocket::~ListeningSocket() {
  if (fd_ >= 0) ::close(fd_);
}

Listener::Listener(Loop& loop, ListeningSocket socket, Handler& handler)
    : loop_(loop),
      socket_(std::move(socket)),
      handler_(handler),
      reserve_(::open("/dev/null", O_RDONLY | O_CLOEXEC)),
      poll_(loop, socket_.fd()) {
  poll_.set_waiter(Ready::kRead, this);
}

Listener::~Listener() {
  if (reserve_ >= 0) ::close(reserve_);
}

void Listener::accept_some() {
  for (int accepted = 0; accepted < kAcceptsPerTurn; ++accepted) {
    sockaddr_storage storage{};
    socklen_t size = sizeof storage;
    const int fd = ::accept4(socket_.fd(), reinterpret_cast<sockaddr*>(&storage), &size,
                             SOCK_NONBLOCK | SOCK_CLOEXEC);
    if (fd >= 0) {
      handler_.on_accept(fd, from_sockaddr(storage));
      continue;
    }
    switch (errno) {
      case EAGAIN: return;
      case EMFILE:
      case ENFILE:
      case ENOBUFS:
      case ENOMEM: return out_of_descriptors();
      default: break;  // this one connection failed before it was accepted (accept(2), NOTES)
    }
  }
  // The queue may hold more, and there will be no new edge for it. Others have their turn first.
  loop_.defer([listener = std::weak_ptr(self_)] {
    if (const auto self = listener.lock()) (*self)->accept_some();
  });
}

void Listener::out_of_descriptors() {
  handler_.on_accept_pause();
  if (reserve_ >= 0) {
    ::close(reserve_);
    const int fd = ::accept4(socket_.fd(), nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC);
    if (fd >= 0) {
      // Best effort: the reply fits into any socket's send buffer.
      const std::string_view words = handler_.last_words();
      if (!words.empty()) ::send(fd, words.data(), words.size(), MSG_NOSIGNAL);
      discard_unread(fd);
      ::close(fd);
    }
  }
  reserve_ = ::open("/dev/null", O_RDONLY | O_CLOEXEC);
  loop_.arm(*this, loop_.now() + kRest);
}

}  // namespace net
