// What every TLS context of the house has in common, whatever the system's openssl.cnf says.
#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "tls/handles.h"

namespace tls {

enum class Role { kClient, kServer };

// A context with TLS 1.2 and 1.3 only, security level 2, no renegotiation, compression, session
// tickets or early data, with truncation reported as an error, and for servers ECDHE only; clients
// get their ciphers with the rest of verification (tls/verify.h).
base::Result<SslContextPtr> make_context(Role role);

// The ProtocolNameList of RFC 7301 §3.1. Fails (kInternal) on an empty name or one over 255 octets.
base::Result<std::string> alpn_wire(const std::vector<std::string>& protocols);

// Makes a server's `context` choose the first of `protocols` (as alpn_wire has them) that the
// client offers too. A client that offers only others is refused with no_application_protocol (RFC
// 7301 §3.2), one that offers none is served. `protocols` outlives the handshakes.
void choose_protocol(ssl_ctx_st* context, const std::string& protocols);

}  // namespace tls
