// HTTP/2 frames made and read by hand, so that what the codec says is held against octets.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/clock.h"
#include "http/h2/connection.h"

namespace http::h2::testing {

inline constexpr std::string_view kPreface = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";

enum Type : std::uint8_t {
  kData = 0,
  kHeaders = 1,
  kPriority = 2,
  kRstStream = 3,
  kSettings = 4,
  kPushPromise = 5,
  kPing = 6,
  kGoAway = 7,
  kWindowUpdate = 8,
  kContinuation = 9,
};

inline constexpr std::uint8_t kEndStream = 1;  // also ACK
inline constexpr std::uint8_t kAck = 1;
inline constexpr std::uint8_t kEndHeaders = 4;
inline constexpr std::uint8_t kPadded = 8;

// Any frame: 24 bits of length, type, flags, stream (RFC 9113 §4.1).
std::string frame(std::uint8_t type, std::uint8_t flags, std::uint32_t stream,
                  std::string_view payload);
std::string number32(std::uint32_t value);

using Lines = std::vector<std::pair<std::string_view, std::string_view>>;
// A field block of literals that are neither indexed nor Huffman-coded (RFC 7541 §6.2.2).
std::string block(const Lines& lines);
// A whole field section in one frame.
std::string headers(std::uint32_t stream, const Lines& lines,
                    std::uint8_t flags = kEndHeaders | kEndStream);
// "GET https://a.test/" with more fields behind.
std::string get(std::uint32_t stream, const Lines& more = {},
                std::uint8_t flags = kEndHeaders | kEndStream);
std::string post(std::uint32_t stream, const Lines& more = {});
std::string data(std::uint32_t stream, std::string_view content, std::uint8_t flags = 0);
std::string settings(std::string_view entries = {}, std::uint8_t flags = 0);
std::string setting(std::uint16_t id, std::uint32_t value);
std::string rst(std::uint32_t stream, Code code = Code::kCancel);
std::string window_update(std::uint32_t stream, std::uint32_t octets);
std::string ping(std::uint8_t flags = 0);

struct Frame {
  std::uint8_t type = 0;
  std::uint8_t flags = 0;
  std::uint32_t stream = 0;
  std::string payload;
};
// Splits whole frames, without a preface before them.
std::vector<Frame> frames_of(std::string_view octets);
// How the peer is told off: "RST 1 PROTOCOL_ERROR" and "GOAWAY ENHANCE_YOUR_CALM", in order.
std::string verdicts_of(std::string_view octets);

inline const base::Instant kStart = base::Instant{} + std::chrono::hours(1);

// All that `connection` has to say now.
std::string output_of(Connection& connection);
// Feeds `octets` whole; returns what the connection says.
std::string feed(Connection& connection, std::string_view octets, base::Instant now = kStart);

// Two connections that talk to each other until neither has anything to say.
void exchange(Connection& client, Connection& server);

}  // namespace http::h2::testing
