// Fields that steer what an intermediary does with a message.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "base/result.h"
#include "http/framing.h"
#include "http/head.h"

namespace http {

// Whether Via names `pseudonym` as a received-by: a forwarding loop (RFC 9110 §7.6.3).
bool via_names(const Fields& fields, std::string_view pseudonym);

// The protocol that the request asks to switch to (RFC 9110 §7.8) and that may be asked for on its
// behalf; empty when there is none. It points into `head`. Needs HTTP/1.1, Connection: Upgrade and
// no body.
//   kWebSocket  "websocket", as RFC 6455 §4.1 asks for it (GET, Sec-WebSocket-Key)
//   kAny        also whatever else comes first, but no HTTP and no TLS: requests by h2c would be
//               hidden from who judges requests
enum class Upgrades { kWebSocket, kAny };
std::string_view asked_upgrade(const RequestHead& head, const BodyLength& body, Upgrades allowed);

// Max-Forwards (RFC 9110 §7.6.2): nullopt when absent. Fails (client) with kBadRequest unless
// 1*DIGIT.
base::Result<std::optional<std::int64_t>> max_forwards(const RequestHead& head);

// What Expect asks for (RFC 9110 §10.1.1); ignored (kNothing) in HTTP/1.0 and without a body. Fails
// (client) with kExpectationFailed for anything but 100-continue.
enum class Expectation { kNothing, kContinue };
base::Result<Expectation> expectation(const RequestHead& head, const BodyLength& body);

}  // namespace http
