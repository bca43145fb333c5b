// Names as the system resolves them (getaddrinfo: /etc/hosts, search domains and all), for tools
// that must see what other programs on this machine see. The proxy itself never asks it.
#pragma once

#include <string>
#include <vector>

#include "base/clock.h"
#include "base/ip.h"
#include "base/result.h"
#include "net/loop.h"
#include "net/task.h"

namespace net {

// The addresses of `host`, a name or literal without brackets, in the system's order. Fails with
// kDnsNotFound, kDnsNoAddress, kDnsServerFailure or kDnsTimeout. A lookup that is given up goes on
// in the background until the system ends it.
Task<base::Result<std::vector<base::IpAddress>>> system_lookup(Loop& loop, std::string host,
                                                               base::Instant deadline);

}  // namespace net
