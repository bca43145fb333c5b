// How a message body is delimited (RFC 9112 §6).
#pragma once

#include <cstdint>
#include <string_view>

#include "base/result.h"
#include "http/head.h"

namespace http {

enum class BodyKind { kNone, kLength, kChunked, kUntilClose };

struct BodyLength {
  BodyKind kind = BodyKind::kNone;
  std::uint64_t length = 0;  // kLength only
};

// Whether there is content at all: Content-Length: 0 has none.
constexpr bool has_content(const BodyLength& body) {
  return body.kind != BodyKind::kNone && !(body.kind == BodyKind::kLength && body.length == 0);
}

// Decides how the body after a request head is delimited (RFC 9112 §6.3). Fails (client) with
// kBadRequest for Content-Length with Transfer-Encoding, several or malformed Content-Length,
// several Transfer-Encoding, one that doesn't end in chunked, Transfer-Encoding in HTTP/1.0, and
// content on CONNECT ("Content-Length: 0" has none); with kCodingUnsupported for other codings
// before chunked.
base::Result<BodyLength> request_body(const RequestHead& head);

// The same for a response to `request_method` (RFC 9112 §6.3). HEAD, 1xx, 204 and 304 have no body
// whatever Content-Length says, nor has 2xx to CONNECT. Fails (origin) with kBadResponse for any
// length given twice or malformed, and for Transfer-Encoding other than chunked, in HTTP/1.0, 1xx
// or 204.
base::Result<BodyLength> response_body(const ResponseHead& head, std::string_view request_method);

// Whether the connection stays open after the message (RFC 9112 §9.3).
bool keeps_alive(int minor_version, const Fields& fields);

}  // namespace http
