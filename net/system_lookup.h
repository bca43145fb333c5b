// Names as the system resolves them (getaddrinfo: /etc/hosts, search domains and all), for tools
// that must see what other programs on this machine see. The proxy itself never asks it.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/ip.h"
#include "base/result.h"
#include "net/loop.h"
#include "net/task.h"

namespace net {

using Addresses = base::Result<std::vector<base::IpAddress>>;

// Asks the system, for as long as that takes.
Addresses ask_system(const std::string& host);

// The addresses of `host`, a name or literal without brackets, in the system's order. Fails with
// kDnsNotFound, kDnsNoAddress, kDnsServerFailure or kDnsTimeout.
//
// Nothing can take a question back from the system. Each is asked on a thread of its own, which
// nobody waits for once the look-up is given up: neither the loop's end nor the process's. Threads
// that were left are bounded: beyond kMostAsking look-ups fail at once.
inline constexpr unsigned kMostAsking = 128;
Task<Addresses> system_lookup(Loop& loop, std::string host, base::Instant deadline,
                              std::function<Addresses(const std::string&)> ask = ask_system);

}  // namespace net
