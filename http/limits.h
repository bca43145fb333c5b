// Bounds on what a message may cost us. Values come from config/schema.h.
#pragma once

#include <cstdint>

namespace http {

struct Limits {
  std::uint64_t start_line_bytes = 16 * 1024;  // RFC 9112 §3 asks for at least 8000
  std::uint64_t head_bytes = 64 * 1024;   // start line and fields with their CRLFs; also trailers
  std::uint64_t field_bytes = 32 * 1024;  // one field line
  std::uint32_t fields = 128;
  std::uint32_t chunk_line_bytes = 256;
  std::uint64_t chunk_extension_bytes = 16 * 1024;  // per message
};

}  // namespace http
