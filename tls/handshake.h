// The TLS handshake as a task, and what there is to report of it whether it works out or not.
#pragma once

#include <optional>
#include <string>

#include "base/clock.h"
#include "base/result.h"
#include "net/task.h"
#include "tls/certificate.h"
#include "tls/fault.h"
#include "tls/stream.h"

namespace tls {

struct HandshakeInfo {
  std::string protocol;     // "TLSv1.3"
  std::string cipher;       // "TLS_AES_256_GCM_SHA384"
  std::string alpn;         // the protocol agreed on; empty when none was
  std::string server_name;  // as a server: the SNI the client sent, if any, unescaped
  // As a client: subject of the root that vouches for the peer; empty when resumed.
  std::string trust_anchor;
  // As a server: who the client is by its verified certificate (tls/client_identity.h), now or in
  // the session that was resumed; empty when it showed none.
  std::string client_identity;
  bool resumed = false;
  bool client_certificate_requested = false;
};

struct HandshakeOutcome {
  // Errors: kTlsCertificate when the certificate is refused; kOriginTimeout or kClientTimeout at
  // the deadline; kTlsHandshake for all else. The party is the stream's.
  base::Result<HandshakeInfo> info;
  Fault fault = Fault::kNone;
  // The peer's certificate, also of a refused chain; none if the handshake did not get that far.
  std::optional<CertificateFacts> peer;
};

// Runs the handshake of `stream`, which outlives the task. May be cancelled at any time; the stream
// is of no use then.
net::Task<HandshakeOutcome> handshake(TlsStream& stream, base::Instant deadline);

}  // namespace tls
