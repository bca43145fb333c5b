// Between base::Endpoint and the kernel's socket addresses.
#pragma once

#include <sys/socket.h>

#include "base/ip.h"

namespace net {

struct SockAddr {
  sockaddr_storage storage{};
  socklen_t size = 0;
  const sockaddr* get() const { return reinterpret_cast<const sockaddr*>(&storage); }
};

SockAddr to_sockaddr(const base::Endpoint& endpoint);

// IPv4-mapped addresses (as a dual-stack listener reports IPv4 clients) come out as IPv4.
base::Endpoint from_sockaddr(const sockaddr_storage& storage);

// The local (or the peer's) end of a connected or listening socket; port 0 when the kernel won't
// say.
base::Endpoint local_endpoint(int fd);
base::Endpoint peer_endpoint(int fd);

}  // namespace net
