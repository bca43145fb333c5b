// What a client asks for in its first handshake message (RFC 8446 §4.1.2), read without OpenSSL and
// without answering it.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace tls {

struct ClientHello {
  // A DNS name as PeerName has it: A-labels, lower case, no trailing dot. Empty when the client
  // named nobody. With `has_ech` it is the name of the outer ClientHello, behind which another may
  // be hidden.
  std::string server_name;
  std::vector<std::string> alpn;  // in the client's order, any octets; without GREASE (RFC 8701)
  std::uint16_t version = 0;      // the highest TLS version offered: 0x0304 is 1.3; 0 when none is
  // An encrypted ClientHello is there, or its imitation that is meant to look the same.
  bool has_ech = false;
};

// Reads the body of a ClientHello, what follows its type and length. Fails (client) with
// kTlsHandshake on anything that RFC 8446 §4.1.2 and §4.2, RFC 6066 §3 or RFC 7301 §3.1 rule out,
// and on a server name that is no DNS name: one reader's error could be another's other name.
base::Result<ClientHello> parse_client_hello(std::string_view body);

}  // namespace tls
