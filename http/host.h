// Hosts as URIs and authorities spell them (RFC 3986 §3.2.2), in the one form that later stages
// use.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/ip.h"
#include "base/result.h"

namespace http {

struct Host {
  std::string text;                        // lower case, no trailing dot, no brackets
  std::optional<base::IpAddress> literal;  // set for addresses
};

// Parses an LDH name with '_' (≤ 253 octets, labels ≤ 63), a canonical IPv4 address, or a bracketed
// IPv6 address without zone. One trailing dot of a name is removed. A name whose last label is a
// number (decimal or 0x-hex) is refused: resolvers read 127.1, 0x7f.1 and 2130706433 as addresses.
// Fails (client) with kBadRequest.
base::Result<Host> parse_host(std::string_view text);

}  // namespace http
