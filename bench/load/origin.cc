#include "bench/load/origin.h"

#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>

#include "bench/load/origin_peer.h"
#include "net/endpoint.h"

namespace load {
namespace {

constexpr int kBacklog = 4096;

base::Result<Fd> listen_at(const base::Endpoint& at) {
  Fd fd(::socket(at.address.is_v4() ? AF_INET : AF_INET6,
                 SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  const int on = 1;
  ::setsockopt(fd.get(), SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  const net::SockAddr address = net::to_sockaddr(at);
  if (::bind(fd.get(), address.get(), address.size) != 0 || ::listen(fd.get(), kBacklog) != 0) {
    const int cause = errno;
    return base::fail(base::ErrorCode::kIo, base::Party::kProxy,
                      "the origin can't listen on " + at.to_string() + " (" +
                          base::errno_name(cause) + "); choose another with --origin",
                      cause);
  }
  return fd;
}

// Listens on every address, all at one port, and returns where.
base::Result<std::vector<base::Endpoint>> open_doors(const std::vector<base::IpAddress>& addresses,
                                                     std::uint16_t port, const MakePeer& make,
                                                     std::vector<Door>& doors) {
  std::vector<base::Endpoint> endpoints;
  for (const base::IpAddress& address : addresses) {
    auto listener = listen_at({address, port});
    if (!listener) return base::fail(std::move(listener).error());
    endpoints.push_back(net::local_endpoint(listener->get()));
    port = endpoints.back().port;
    doors.push_back({std::move(*listener), make});
  }
  return endpoints;
}

}  // namespace

std::string bytes_path(std::uint64_t octets) { return "/bytes/" + std::to_string(octets); }

base::Result<Origin> Origin::start(const std::vector<base::IpAddress>& addresses,
                                   std::uint16_t port, const std::optional<ServerTls>& tls) {
  Origin origin;
  std::vector<Door> doors;
  auto opened = open_doors(addresses, port, plain_peer, doors);
  if (!opened) return base::fail(std::move(opened).error());
  origin.endpoints_ = std::move(*opened);
  if (tls) {
    opened = open_doors(addresses, 0, tls_peers(*tls), doors);
    if (!opened) return base::fail(std::move(opened).error());
    origin.tls_endpoints_ = std::move(*opened);
  }
  const pid_t parent = ::getpid();
  const pid_t child = ::fork();
  if (child < 0) {
    return base::fail(base::ErrorCode::kIo, base::Party::kProxy, "can't fork the origin", errno);
  }
  if (child == 0) {
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (::getppid() != parent) ::_exit(0);
    serve(std::move(doors));
  }
  origin.pid_ = child;
  return origin;
}

Origin::Origin(Origin&& other) noexcept
    : pid_(std::exchange(other.pid_, -1)),
      endpoints_(std::move(other.endpoints_)),
      tls_endpoints_(std::move(other.tls_endpoints_)) {}

Origin::~Origin() {
  if (pid_ < 0) return;
  ::kill(pid_, SIGKILL);
  ::waitpid(pid_, nullptr, 0);
}

}  // namespace load
