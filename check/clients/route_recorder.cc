#include "check/clients/route_recorder.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>

#include "aks/no_proxy/destination.h"
#include "base/ascii.h"

namespace check {
namespace {

constexpr char kAnswer[] =
    "HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";
constexpr size_t kLongestLine = 8192;

std::string key_of(std::string_view host, std::uint16_t port) {
  return base::lower(host) + ":" + std::to_string(port);
}

base::Failure trouble(const std::string& what) {
  return base::fail(base::ErrorCode::kIo, base::Party::kProxy,
                    what + " (" + base::errno_name(errno) + ")", errno);
}

// The address and port that a connection was made to.
base::Endpoint local_end(int fd) {
  sockaddr_in6 address{};
  socklen_t size = sizeof address;
  ::getsockname(fd, reinterpret_cast<sockaddr*>(&address), &size);
  if (address.sin6_family == AF_INET6) {
    std::array<std::uint8_t, 16> octets{};
    std::memcpy(octets.data(), &address.sin6_addr, octets.size());
    return {base::IpAddress::v6(octets).unmapped(), ntohs(address.sin6_port)};
  }
  sockaddr_in v4{};
  std::memcpy(&v4, &address, sizeof v4);
  std::array<std::uint8_t, 4> octets{};
  std::memcpy(octets.data(), &v4.sin_addr, octets.size());
  return {base::IpAddress::v4(octets), ntohs(v4.sin_port)};
}

// A socket for every address, of both families where the kernel has both.
int bound_to_all(std::uint16_t port) {
  int fd = ::socket(AF_INET6, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  if (fd >= 0) {
    const int off = 0;
    ::setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &off, sizeof off);
    sockaddr_in6 address{};
    address.sin6_family = AF_INET6;
    address.sin6_port = htons(port);
    if (::bind(fd, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0) return fd;
    ::close(fd);
  }
  fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  if (::bind(fd, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0) return fd;
  ::close(fd);
  return -1;
}

int bound_to_loopback() {
  const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (::bind(fd, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0) return fd;
  ::close(fd);
  return -1;
}

}  // namespace

std::string destination_of(std::string_view line) {
  const size_t space = line.find(' ');
  if (space == std::string_view::npos) return "";
  const std::string_view target = line.substr(space + 1, line.find(' ', space + 1) - space - 1);
  const bool connect = line.substr(0, space) == "CONNECT";
  const auto to = aks::no_proxy::parse_destination(connect ? "https://" + std::string(target)
                                                           : std::string(target));
  return to ? key_of(to->address ? to->address->to_string() : to->host, to->port()) : "";
}

base::Result<std::unique_ptr<RouteRecorder>> RouteRecorder::listen(
    const std::set<std::uint16_t>& origin_ports,
    const std::map<std::string, base::IpAddress>& hosts) {
  std::unique_ptr<RouteRecorder> recorder(new RouteRecorder);
  for (const auto& [name, address] : hosts) recorder->names_[address.to_string()] = name;
  if (!recorder->add_listener(0, Listener::Role::kProxy)) {
    return trouble("the recorder could not listen on 127.0.0.1");
  }
  for (const std::uint16_t port : origin_ports) {
    if (recorder->add_listener(port, Listener::Role::kOrigin)) continue;
    return trouble("the recorder could not listen on port " + std::to_string(port));
  }
  return recorder;
}

RouteRecorder::~RouteRecorder() {
  for (const Listener& listener : listeners_) ::close(listener.fd);
  for (const Connection& connection : connections_) ::close(connection.fd);
}

bool RouteRecorder::add_listener(std::uint16_t port, Listener::Role role) {
  const bool proxy = role == Listener::Role::kProxy;
  const int fd = proxy ? bound_to_loopback() : bound_to_all(port);
  if (fd < 0) return false;
  listeners_.push_back({fd, role});
  if (::listen(fd, SOMAXCONN) != 0) return false;
  if (proxy) proxy_port_ = local_end(fd).port;
  return true;
}

void RouteRecorder::accept(const Listener& listener, Arrivals& arrivals) {
  const int fd = ::accept4(listener.fd, nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK);
  if (fd < 0) return;
  connections_.push_back({fd, listener.role, ""});
  if (listener.role == Listener::Role::kProxy) return;
  const base::Endpoint at = local_end(fd);
  const auto name = names_.find(at.address.to_string());
  arrivals.direct.insert(
      key_of(name == names_.end() ? at.address.to_string() : name->second, at.port));
}

bool RouteRecorder::serve(Connection& connection, Arrivals& arrivals) const {
  std::array<char, kLongestLine> buffer{};
  const ssize_t size = ::read(connection.fd, buffer.data(), buffer.size());
  if (size < 0) return errno == EAGAIN;
  if (size == 0) return false;
  connection.received.append(buffer.data(), static_cast<size_t>(size));
  if (connection.role == Listener::Role::kProxy) {
    // The whole head, so that nothing unread turns the answer into a reset.
    const bool complete = connection.received.find("\r\n\r\n") != std::string::npos;
    if (!complete && connection.received.size() < kLongestLine) return true;
    const auto line = connection.received.substr(0, connection.received.find("\r\n"));
    const std::string destination = destination_of(line);
    if (!destination.empty()) arrivals.proxied.insert(destination);
  }
  [[maybe_unused]] const ssize_t sent =
      ::send(connection.fd, kAnswer, sizeof kAnswer - 1, MSG_NOSIGNAL);
  return false;
}

RouteRecorder::Arrivals RouteRecorder::record(int until, base::Instant deadline) {
  Arrivals arrivals;
  for (const Connection& left : connections_) ::close(left.fd);
  connections_.clear();
  for (;;) {
    std::vector<pollfd> watched = {{until, POLLIN, 0}};
    for (const Listener& each : listeners_) watched.push_back({each.fd, POLLIN, 0});
    const size_t open = connections_.size();
    for (const Connection& each : connections_) watched.push_back({each.fd, POLLIN, 0});
    const auto left =
        std::chrono::duration_cast<std::chrono::milliseconds>(deadline - base::steady_now());
    if (left.count() <= 0) return arrivals;
    const int ready = ::poll(watched.data(), watched.size(),
                             static_cast<int>(std::min<long>(left.count(), 1000)));
    if (ready < 0 && errno != EINTR) return arrivals;
    if (ready <= 0) continue;
    for (size_t i = open; i-- > 0;) {
      if (watched[1 + listeners_.size() + i].revents == 0) continue;
      if (serve(connections_[i], arrivals)) continue;
      ::close(connections_[i].fd);
      connections_.erase(connections_.begin() + static_cast<std::ptrdiff_t>(i));
    }
    for (size_t i = 0; i < listeners_.size(); ++i) {
      if (watched[1 + i].revents != 0) accept(listeners_[i], arrivals);
    }
    // What arrived before the client's end is served before it counts.
    const bool quiet = ready == 1 && watched[0].revents != 0;
    if (quiet) return arrivals;
  }
}

}  // namespace check
