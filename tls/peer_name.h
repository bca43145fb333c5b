// Whom a TLS client means to reach, in the one form that SNI and verification are given.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/ip.h"
#include "base/result.h"

namespace tls {

// Either a DNS name (A-labels, lower case, no trailing dot: RFC 6066 §3) or an IP address.
struct PeerName {
  std::string dns;  // empty when `address` is set
  std::optional<base::IpAddress> address;

  std::string text() const { return address ? address->to_string() : dns; }
  friend bool operator==(const PeerName&, const PeerName&) = default;

  // Parses a host as it stands in a URL: a name with or without a trailing dot, an IPv4 address, an
  // IPv6 address with or without brackets. Fails (kBadRequest) on everything else: an empty name
  // and one with a leading dot would make OpenSSL check nothing or too little, and "127.1" is
  // neither an address nor a name.
  static base::Result<PeerName> parse(std::string_view host);
};

}  // namespace tls
