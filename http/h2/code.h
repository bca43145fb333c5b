// Why a stream or a connection ends (RFC 9113 §7), and what that is in the house's errors.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/error.h"

namespace http::h2 {

enum class Code : std::uint32_t {
  kNoError = 0,
  kProtocolError = 1,
  kInternalError = 2,
  kFlowControlError = 3,
  kSettingsTimeout = 4,
  kStreamClosed = 5,
  kFrameSizeError = 6,
  kRefusedStream = 7,
  kCancel = 8,
  kCompressionError = 9,
  kConnectError = 10,
  kEnhanceYourCalm = 11,
  kInadequateSecurity = 12,
  kHttp11Required = 13,
};

// "PROTOCOL_ERROR"; "code 4711" for what no registry has.
std::string name_of(Code code);

// What a reset by `peer` means for the exchange: kClientClosed; kOriginRefused, kHttp11Required or
// kOriginReset. The code's name is in the sentence.
base::Error reset_error(Code code, base::Party peer);

// What to tell the peer of a stream that ends for `error` when no response can say it any more.
Code code_for(const base::Error& error);

}  // namespace http::h2
