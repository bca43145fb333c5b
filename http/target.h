// Where a request wants to go (RFC 9112 §3.2), as a value that every later stage uses.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/ip.h"
#include "base/result.h"
#include "http/head.h"

namespace http {

// A host and port in canonical form: names in lower case, one trailing dot removed, no IPv4 in
// disguise (a name whose last label is a number is refused); literals as addresses.
struct Authority {
  std::string host;                        // name or address text, without brackets
  std::optional<base::IpAddress> literal;  // set when the host is an address
  std::uint16_t port = 0;

  // "example.com:443", "[2001:db8::1]:443".
  std::string to_string() const;
  friend bool operator==(const Authority&, const Authority&) = default;
};

enum class TargetForm { kAuthority, kAbsolute, kAsterisk };
enum class Scheme { kHttp, kHttps };

struct Target {
  TargetForm form = TargetForm::kAbsolute;
  Authority authority;         // kAsterisk: empty
  std::string path_and_query;  // absolute-form: origin-form to send on, "/" at least
  Scheme scheme = Scheme::kHttp;
};

// Parses "host:port"; the port is required and canonical. Fails (client) with kBadRequest, its
// detail naming what is wrong. Hosts are LDH names with '_' (≤ 253 octets, labels ≤ 63), canonical
// IPv4, or bracketed IPv6 without zone.
base::Result<Authority> parse_authority(std::string_view text);

// The same with an optional port, as in URIs and Host; `default_port` fills in.
base::Result<Authority> parse_uri_authority(std::string_view text, std::uint16_t default_port);

// The request's target. CONNECT needs authority-form; OPTIONS may have "*"; all else needs
// absolute- form with http. Fails (client) with kBadRequest, kOriginFormRefused or
// kSchemeUnsupported.
base::Result<Target> parse_target(const RequestHead& head);

// The target of a request inside a TLS connection to `origin`, as kAbsolute: origin-form, "*", or
// absolute-form with https and that authority. Fails (client) with kMisdirected when it names
// another authority (RFC 9110 §7.4), with kMethodRefused for a CONNECT, and with kBadRequest.
base::Result<Target> parse_inner_target(const RequestHead& head, const Authority& origin);

// Port of an authority that names none.
constexpr std::uint16_t default_port(Scheme scheme) { return scheme == Scheme::kHttp ? 80 : 443; }
// "https://example.com:443/index": without the query.
std::string to_uri(const Target& target);

// Checks Host against RFC 9112 §3.2: exactly one in HTTP/1.1, at most one in 1.0, valid syntax,
// which an empty one has. The target alone says where a request goes, and the Host that is sent on
// is made from it (§3.2.2): the lint is kHostReplaced where what was received names another
// authority than an absolute-form target. Host of a CONNECT goes nowhere. Fails (client) with
// kBadRequest.
base::Result<Lints> check_host(const RequestHead& head, const Target& target);

// The same inside a TLS connection to `origin`, where an origin-form request has no authority but
// Host's. Fails (client) with kMisdirected as well, when that is another than `origin`.
base::Result<Lints> check_inner_host(const RequestHead& head, const Authority& origin);

}  // namespace http
