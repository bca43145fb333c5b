// What the first octets of a tunnel tell.
#pragma once

#include <cstdint>

#include "tls/client_hello.h"

namespace proxy::inspect {

struct Peeked {
  enum class Kind : std::uint8_t { kTls, kNotTls } kind = Kind::kNotTls;
  tls::ClientHello hello;  // kTls
};

}  // namespace proxy::inspect
