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

// The same for a response to `request_method` (RFC 9112 §6.3). 1xx and 204 have no body whatever
// their fields say, nor has 2xx to CONNECT. HEAD and 304 have none either, but what they tell of a
// length must be well-formed. Fails (origin) with kBadResponse for any length given twice or
// malformed, and for Transfer-Encoding other than chunked or in HTTP/1.0.
base::Result<BodyLength> response_body(const ResponseHead& head, std::string_view request_method);

// Whether a 1xx or 204 claims content, which its sender may go on to send: the fields are dropped
// (RFC 9112 §6.3), and the connection is not for another request.
bool drops_framing(const ResponseHead& head);

// Whether the connection stays open after the message (RFC 9112 §9.3).
bool keeps_alive(int minor_version, const Fields& fields);

}  // namespace http
