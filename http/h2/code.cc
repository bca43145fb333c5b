#include "http/h2/code.h"

#include <array>

namespace http::h2 {

std::string name_of(Code code) {
  static constexpr std::array<std::string_view, 14> kNames = {"NO_ERROR",
                                                              "PROTOCOL_ERROR",
                                                              "INTERNAL_ERROR",
                                                              "FLOW_CONTROL_ERROR",
                                                              "SETTINGS_TIMEOUT",
                                                              "STREAM_CLOSED",
                                                              "FRAME_SIZE_ERROR",
                                                              "REFUSED_STREAM",
                                                              "CANCEL",
                                                              "COMPRESSION_ERROR",
                                                              "CONNECT_ERROR",
                                                              "ENHANCE_YOUR_CALM",
                                                              "INADEQUATE_SECURITY",
                                                              "HTTP_1_1_REQUIRED"};
  const auto number = static_cast<std::uint32_t>(code);
  if (number < kNames.size()) return std::string(kNames[number]);
  return "code " + std::to_string(number);
}

namespace {

// What an origin says of its streams with these is for the client to act upon (RFC 9113 §7, §8.7).
base::ErrorCode origin_error(Code code) {
  switch (code) {
    case Code::kRefusedStream: return base::ErrorCode::kOriginRefused;
    case Code::kHttp11Required: return base::ErrorCode::kHttp11Required;
    default: return base::ErrorCode::kOriginReset;
  }
}

}  // namespace

base::Error reset_error(Code code, base::Party peer) {
  const bool client = peer == base::Party::kClient;
  return {client ? base::ErrorCode::kClientClosed : origin_error(code), peer, 0,
          std::string(client ? "the client" : "the origin") + " reset the stream (" +
              name_of(code) + ", RFC 9113 §7)"};
}

Code code_for(const base::Error& error) {
  switch (error.code) {
    case base::ErrorCode::kBadRequest:
    case base::ErrorCode::kHeadTooLarge:
    case base::ErrorCode::kUriTooLong: return Code::kProtocolError;
    case base::ErrorCode::kOriginRefused:
    case base::ErrorCode::kDraining: return Code::kRefusedStream;
    case base::ErrorCode::kHttp11Required: return Code::kHttp11Required;
    case base::ErrorCode::kTooManyPerClient: return Code::kEnhanceYourCalm;
    // Who gets kCancel thinks of it as its own wish: gRPC says CANCELLED. What we cut off, we say.
    case base::ErrorCode::kInternal:
    case base::ErrorCode::kIdleTimeout:
    case base::ErrorCode::kTotalTimeout:
    case base::ErrorCode::kCancelled: return Code::kInternalError;
    case base::ErrorCode::kClientClosed:
    case base::ErrorCode::kClientTimeout: return Code::kCancel;
    default:
      // An origin's fault is, towards the client, a response that can't be had whole.
      return error.party == base::Party::kOrigin ? Code::kInternalError : Code::kCancel;
  }
}

}  // namespace http::h2
