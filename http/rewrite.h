// The head an intermediary sends on (RFC 9110 §7.6): hop-by-hop fields removed, framing written
// from parsed state, Via added, Host taken from the target.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "http/controls.h"
#include "http/framing.h"
#include "http/head.h"
#include "http/target.h"

namespace http {

enum class Persistence { kKeepAlive, kClose };

struct RequestRewrite {
  std::string_view via{};  // own pseudonym
  BodyLength body{};
  // The protocol to ask for with "Connection: Upgrade" (asked_upgrade); others are dropped.
  std::string_view upgrade{};
  Persistence persistence = Persistence::kKeepAlive;
  // Value for Max-Forwards, already decremented (OPTIONS); -1 copies whatever was received.
  std::int64_t max_forwards = -1;
};

// The request head for the origin, in origin-form, CRLFCRLF included, HTTP/1.1.
// Removed: Connection and what it names (never framing, Host, Via, Forwarded or X-Forwarded-*
// fields), Keep-Alive, Proxy-*, TE and Trailer (trailers are dropped here, RFC 9110 §6.5.1),
// Transfer-Encoding, Upgrade, HTTP2-Settings, and Expect unless it is 100-continue in HTTP/1.1 with
// content.
std::string origin_request(const RequestHead& head, const Target& target,
                           const RequestRewrite& how);

// The same for an origin that speaks HTTP/2: fields with names in lower case, without Host, which
// is :authority there (RFC 9113 §8.3.1), and without fields about the connection (§8.2.2). "te:
// trailers" stays, since there trailers are passed on.
Fields origin_fields(const RequestHead& head, const RequestRewrite& how);

struct ResponseRewrite {
  std::string_view via{};
  // As the client will get it: never kChunked for HTTP/1.0; kUntilClose closes whatever
  // `persistence` says.
  BodyLength body{};
  Persistence persistence = Persistence::kKeepAlive;
  int client_minor_version = 1;
  std::string_view request_method{};  // of the request answered; HEAD keeps Content-Length
  std::string_view upgrade{};         // the protocol that a 101 switches to
  // When the response arrived (http/date.h), for a final response without Date (RFC 9110 §6.6.1).
  std::string_view date{};
  // Names of further fields that the client does not get.
  std::span<const std::string> strip{};
};

// The response head for the client, CRLFCRLF included. Also for 1xx heads. Hop-by-hop fields go as
// above, with Proxy-Authenticate and Proxy-Authentication-Info, which only a proxy may send.
std::string client_response(const ResponseHead& head, const ResponseRewrite& how);

// The same for a client that speaks HTTP/2.
Fields client_fields(const ResponseHead& head, const ResponseRewrite& how);

}  // namespace http
