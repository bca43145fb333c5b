#include "net/dial.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include <cerrno>
#include <utility>

#include "net/await.h"
#include "net/endpoint.h"

namespace net {
namespace {

base::Error connect_error(int cause, const std::string& name) {
  using base::ErrorCode;
  using base::Party;
  const std::string why = " (" + base::errno_name(cause) + ")";
  switch (cause) {
    case ECONNREFUSED:
      return {
          ErrorCode::kConnectRefused, Party::kOrigin, cause,
          name + " refused the connection" + why + "; check that the service listens on this port"};
    case ENETUNREACH:
    case EHOSTUNREACH:
    case ENETDOWN:
    case EHOSTDOWN:
    case EAFNOSUPPORT:
      return {ErrorCode::kConnectUnreachable, Party::kOrigin, cause,
              name + " can't be reached from the proxy" + why +
                  "; check routes, firewalls and network security groups on the way"};
    case ETIMEDOUT: return connect_timeout(name);
    case EMFILE:
    case ENFILE:
      return {ErrorCode::kNoDescriptors, Party::kProxy, cause,
              "the proxy has no file descriptor left to connect to " + name + why +
                  "; raise its limit (LimitNOFILE, ulimit -n) or lower limits.sessions"};
    case EADDRNOTAVAIL:
    case ENOBUFS:
    case ENOMEM:
    case EPERM:
    case EACCES:
      return {ErrorCode::kConnectFailed, Party::kProxy, cause,
              "the proxy's system did not let it connect to " + name + why +
                  "; check its free ports and memory, and its local firewall"};
    default:
      return {
          ErrorCode::kConnectFailed, Party::kOrigin, cause,
          "the connection to " + name + " failed" + why + "; check the service and the way to it"};
  }
}

// Policy checks an IPv4-mapped address as the IPv4 address that it is, and the kernel names it so.
base::Endpoint plain(const base::Endpoint& endpoint) {
  return {endpoint.address.unmapped(), endpoint.port};
}

void send_at_once(int fd) {
  const int on = 1;
  ::setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
}

}  // namespace

base::Error connect_timeout(const std::string& display_name) {
  return {base::ErrorCode::kConnectTimeout, base::Party::kOrigin, ETIMEDOUT,
          display_name +
              " did not answer in time (ETIMEDOUT, timeouts.connect); check that it is up, and the "
              "firewalls and network security groups on the way"};
}

base::Result<std::unique_ptr<Socket>> begin_connect(Loop& loop, const base::Endpoint& endpoint,
                                                    const std::string& display_name) {
  const SockAddr address = to_sockaddr(plain(endpoint));
  const int fd = ::socket(address.storage.ss_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  if (fd < 0) return base::fail(connect_error(errno, display_name));
  send_at_once(fd);
  // Before the poll is made: epoll calls a socket that is not connecting yet hung up.
  const int cause = ::connect(fd, address.get(), address.size) == 0 ? 0 : errno;
  auto socket = std::make_unique<Socket>(loop, fd, base::Party::kOrigin);
  // fs.epoll.max_user_watches is used up.
  if (!socket->poll().is_watched()) return base::fail(connect_error(ENOMEM, display_name));
  if (cause == EINPROGRESS || cause == EINTR) {
    socket->poll().exhausted(Ready::kRead);
    socket->poll().exhausted(Ready::kWrite);
  } else if (cause != 0) {
    return base::fail(connect_error(cause, display_name));
  }
  return socket;
}

std::optional<base::Result<void>> connect_outcome(Socket& socket, const base::Endpoint& endpoint,
                                                  const std::string& display_name) {
  const base::Endpoint peer = peer_endpoint(socket.fd());
  if (peer == plain(endpoint)) return base::Result<void>();
  if (peer.port != 0) {
    return base::fail(
        base::ErrorCode::kConnectFailed, base::Party::kProxy,
        "the connection to " + display_name +
            " ended at another address than the one that was checked, and was dropped; "
            "check for address translation on the proxy's host");
  }
  int cause = 0;
  socklen_t size = sizeof cause;
  ::getsockopt(socket.fd(), SOL_SOCKET, SO_ERROR, &cause, &size);
  if (cause != 0) return base::fail(connect_error(cause, display_name));
  socket.poll().exhausted(Ready::kWrite);
  return std::nullopt;
}

Task<base::Result<std::unique_ptr<Socket>>> dial(Loop& loop, base::Endpoint endpoint,
                                                 std::string display_name, base::Instant deadline) {
  auto begun = begin_connect(loop, endpoint, display_name);
  if (!begun) co_return base::fail(std::move(begun).error());
  std::unique_ptr<Socket> socket = std::move(*begun);
  for (;;) {
    ReadyAwaiter writable(socket->poll(), Ready::kWrite, deadline);
    const Wake wake = co_await writable;
    if (wake == Wake::kTimeout) co_return base::fail(connect_timeout(display_name));
    const auto outcome = connect_outcome(*socket, endpoint, display_name);
    if (!outcome) continue;
    if (!*outcome) co_return base::fail(outcome->error());
    co_return std::move(socket);
  }
}

}  // namespace net
