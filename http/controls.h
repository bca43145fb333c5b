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

// Whether the request asks for a WebSocket as RFC 6455 §4.1 does (GET, HTTP/1.1, Connection:
// Upgrade, Upgrade: websocket, Sec-WebSocket-Key, no body).
bool asks_for_websocket(const RequestHead& head, const BodyLength& body);

// Max-Forwards (RFC 9110 §7.6.2): nullopt when absent. Fails (client) with kBadRequest unless
// 1*DIGIT.
base::Result<std::optional<std::int64_t>> max_forwards(const RequestHead& head);

// What Expect asks for (RFC 9110 §10.1.1); ignored (kNothing) in HTTP/1.0 and without a body. Fails
// (client) with kExpectationFailed for anything but 100-continue.
enum class Expectation { kNothing, kContinue };
base::Result<Expectation> expectation(const RequestHead& head, const BodyLength& body);

}  // namespace http
