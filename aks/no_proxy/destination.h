// A URL that a client is about to ask for, in the spellings that clients compare with NO_PROXY.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/ip.h"
#include "base/result.h"

namespace aks::no_proxy {

struct Destination {
  std::string scheme;                         // lower case
  std::string authority;                      // as written: userinfo, brackets and port included
  std::string host;                           // as written, without brackets
  std::optional<base::IpAddress> address;     // set when the host is a literal; a zone is left out
  std::optional<std::uint16_t> spelled_port;  // nullopt when the URL names none

  // The port that is connected to: the spelled one unless that is 0, or the scheme's default; 0
  // for schemes without one.
  std::uint16_t port() const;
  // The host in lower case, an IPv6 literal with its brackets.
  std::string bracketed() const;
  // The host as the WHATWG URL standard serialises it, without brackets: A-labels, canonical
  // literals, lower case.
  std::string canonical() const;
  // canonical() with an IPv6 literal's brackets.
  std::string canonical_bracketed() const;
};

// Splits "scheme://[userinfo@]host[:port][/…]". What stands between is not judged, as clients do
// not either. Fails (client) with kBadRequest without a scheme or a host.
base::Result<Destination> parse_destination(std::string_view url);

// The destination of a request for `host` (without brackets) and `port`.
Destination make_destination(std::string_view scheme, std::string_view host, std::uint16_t port);

}  // namespace aks::no_proxy
