// Verification of the peer's certificate: what is asked of OpenSSL, and what it found.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "tls/certificate.h"
#include "tls/fault.h"
#include "tls/handles.h"
#include "tls/peer_name.h"
#include "tls/session_cache.h"
#include "tls/trust.h"

namespace tls {

// What OpenSSL's callbacks need and find during a handshake. The first fault that is found stands.
struct PeerCheck {
  Fault fault = Fault::kNone;
  int code = 0;                          // X509_V_ERR_…
  int depth = 0;                         // which certificate is at fault; 0 is the leaf
  std::string reason;                    // OpenSSL's words for `code`
  std::string at_fault;                  // subject of that certificate
  std::optional<CertificateFacts> leaf;  // of a refused chain
  bool client_certificate_requested = false;
  std::unique_ptr<SessionKeeper> keeper;  // null unless sessions are kept
};

// Sets what holds for all handshakes of a client context: the chain is verified strictly (RFC 5280)
// up to a self-signed certificate of the trust store, for the purpose of a TLS server.
// Also sets the ciphers. False when this OpenSSL lacks what it takes.
bool require_verification(ssl_ctx_st* context);

// Asks clients of a server context for a certificate, and verifies in the same way that it is one
// of a TLS client below `authorities`.
enum class ClientCertificate { kOptional, kRequired };
void ask_for_certificate(ssl_ctx_st* context, const TrustStore& authorities,
                         ClientCertificate need);

// Makes `ssl` accept a certificate only for `peer`, by subjectAltName alone (RFC 9525 §6.3), and
// sends the name as SNI unless it is an address (RFC 6066 §3). False when out of memory.
bool expect_peer(ssl_st* ssl, const PeerName& peer);

// Where the callbacks leave what they find. `check` outlives the handshake.
void attach(ssl_st* ssl, PeerCheck& check);

}  // namespace tls
