#include "net/local_address.h"

#include <sys/socket.h>

#include <cerrno>

#include "base/fd.h"
#include "net/endpoint.h"

namespace net {

bool is_local_address(const base::IpAddress& address) {
  const SockAddr name = to_sockaddr({address.unmapped(), 0});
  const base::Fd probe(::socket(name.storage.ss_family, SOCK_DGRAM | SOCK_CLOEXEC, 0));
  // A family that the kernel does not have has no addresses.
  if (!probe.valid()) return errno != EAFNOSUPPORT;
  // A socket can be bound to local addresses alone (ip(7)). Where ip_nonlocal_bind lifts that, all
  // addresses count as ours.
  if (::bind(probe.get(), name.get(), name.size) == 0) return true;
  return errno != EADDRNOTAVAIL;
}

}  // namespace net
