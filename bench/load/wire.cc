#include "bench/load/wire.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include <cerrno>

#include "net/endpoint.h"

namespace load {
namespace {

// A small message must leave at once; the proxy is what is measured, not Nagle's algorithm here.
void send_at_once(int fd) {
  const int on = 1;
  ::setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
}

Wire::Moved moved(ssize_t result, int& error) {
  if (result > 0) return {Wire::Io::kDone, static_cast<std::size_t>(result)};
  if (result == 0) return {Wire::Io::kEnded, 0};
  if (errno == EAGAIN || errno == EINTR || errno == ENOTCONN) return {Wire::Io::kBlocked, 0};
  error = errno;
  return {Wire::Io::kFailed, 0};
}

}  // namespace

bool Wire::connect(Poller& poller, Handler& handler, const base::Endpoint& to,
                   std::optional<base::IpAddress> from) {
  const int family = to.address.is_v4() ? AF_INET : AF_INET6;
  fd_ = Fd(::socket(family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  error_ = errno;
  if (!fd_) return false;
  send_at_once(fd_.get());
  if (from) {
    // The port is chosen at connect, for this destination, so that each source address brings its
    // own range of ports.
    const int on = 1;
    ::setsockopt(fd_.get(), IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, &on, sizeof on);
    const net::SockAddr source = net::to_sockaddr({*from, 0});
    if (::bind(fd_.get(), source.get(), source.size) != 0) {
      error_ = errno;
      return false;
    }
  }
  const net::SockAddr target = net::to_sockaddr(to);
  if (::connect(fd_.get(), target.get(), target.size) != 0 && errno != EINPROGRESS) {
    error_ = errno;
    return false;
  }
  poller.add(fd_.get(), handler);
  return true;
}

void Wire::adopt(Poller& poller, Handler& handler, Fd fd) {
  fd_ = std::move(fd);
  send_at_once(fd_.get());
  poller.add(fd_.get(), handler);
}

void Wire::close() { fd_.reset(); }

Wire::Moved Wire::read(std::span<char> into) {
  return moved(::recv(fd_.get(), into.data(), into.size(), 0), error_);
}

Wire::Moved Wire::write(std::string_view octets) {
  return moved(::send(fd_.get(), octets.data(), octets.size(), MSG_NOSIGNAL), error_);
}

}  // namespace load
