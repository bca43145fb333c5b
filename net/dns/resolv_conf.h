// Which name servers the system uses, for when the configuration names none.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/ip.h"
#include "base/result.h"

namespace net::dns {

// The servers of the `nameserver` lines, port 53, at most three as the C library takes them. All
// other lines (search domains, options) and addresses with a zone are ignored.
std::vector<base::Endpoint> parse_resolv_conf(std::string_view text);

// Reads `path`. Fails with kDnsUnreachable (party: proxy) when it can't be read or names no server.
base::Result<std::vector<base::Endpoint>> read_resolv_conf(const std::string& path);

}  // namespace net::dns
