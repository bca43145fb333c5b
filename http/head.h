// Message heads as values (RFC 9112 §3, §4).
#pragma once

#include <cstdint>
#include <string>

#include "http/fields.h"
#include "http/lint.h"

namespace http {

// What carried a message. One that came by HTTP/2 has HTTP/1.1's semantics, and `minor_version` 1.
enum class Protocol : std::uint8_t { kHttp1, kHttp2 };

struct RequestHead {
  std::string method;     // a token, case kept (RFC 9110 §9.1)
  std::string target;     // request-target as received
  int minor_version = 1;  // HTTP/1.0 or HTTP/1.1
  Fields fields;
  Protocol protocol = Protocol::kHttp1;
  Lints lints{};
};

struct ResponseHead {
  int status = 0;      // 100–599
  std::string reason;  // may be empty
  int minor_version = 1;
  Fields fields;
  Protocol protocol = Protocol::kHttp1;
  Lints lints{};
};

}  // namespace http
