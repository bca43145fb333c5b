// Fields that steer what an intermediary does with a message.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "base/result.h"
#include "http/framing.h"
#include "http/head.h"

namespace http {

// Whether Via names `pseudonym` as a received-by: a forwarding loop (RFC 9110 §7.6.3).
bool via_names(const Fields& fields, std::string_view pseudonym);

// Whether a request may ask to switch to `protocol` (RFC 9110 §7.8), other than to WebSocket: a
// token, or two with "/" between, but no HTTP and no TLS. Requests by h2c would be hidden from who
// judges requests.
bool is_other_protocol(std::string_view protocol);

// To which protocols a request may ask to switch, besides WebSocket, which always may be.
struct Upgrades {
  bool any = false;  // to whatever is_other_protocol
  // To these, in any case of letters; "SPDY" stands for all versions of it, "SPDY/3.1" for one.
  std::span<const std::string> named{};
};

// What a request's Upgrade comes to.
struct AskedUpgrade {
  std::string_view protocol;  // to ask for on the request's behalf, in `head`; "" for none
  bool withheld = false;      // it asks for another one only, which `allowed` does not have
};

// The first protocol that the request asks to switch to and that may be asked for. Needs HTTP/1.1,
// Connection: Upgrade and no content; WebSocket needs GET and Sec-WebSocket-Key as well (RFC 6455
// §4.1).
AskedUpgrade asked_upgrade(const RequestHead& head, const BodyLength& body, Upgrades allowed);

// Max-Forwards (RFC 9110 §7.6.2): nullopt when absent. Fails (client) with kBadRequest unless
// 1*DIGIT.
base::Result<std::optional<std::int64_t>> max_forwards(const RequestHead& head);

// What Expect asks for (RFC 9110 §10.1.1); ignored (kNothing) in HTTP/1.0 and without a body. Fails
// (client) with kExpectationFailed for anything but 100-continue.
enum class Expectation { kNothing, kContinue };
base::Result<Expectation> expectation(const RequestHead& head, const BodyLength& body);

}  // namespace http
