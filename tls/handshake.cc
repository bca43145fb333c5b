#include "tls/handshake.h"

#include <openssl/ssl.h>

#include "net/await.h"
#include "tls/client_identity.h"
#include "tls/explain.h"

namespace tls {
namespace {

std::string trust_anchor_of(const SSL* ssl) {
  const STACK_OF(X509)* chain = SSL_get0_verified_chain(ssl);
  const int length = sk_X509_num(chain);
  if (length <= 0) return {};
  return Certificate::share(sk_X509_value(chain, length - 1)).facts().subject;
}

HandshakeInfo info_of(const TlsStream& stream) {
  const SSL* ssl = stream.raw();
  HandshakeInfo info;
  info.protocol = SSL_get_version(ssl);
  info.cipher = SSL_get_cipher_name(ssl);
  const unsigned char* alpn = nullptr;
  unsigned int size = 0;
  SSL_get0_alpn_selected(ssl, &alpn, &size);
  if (size > 0) info.alpn.assign(reinterpret_cast<const char*>(alpn), size);
  if (SSL_is_server(ssl) != 0) {
    const char* name = SSL_get_servername(ssl, TLSEXT_NAMETYPE_host_name);
    if (name != nullptr) info.server_name = name;
    if (X509* client = SSL_get0_peer_certificate(ssl)) {
      info.client_identity = client_identity(Certificate::share(client));
    }
  } else {
    info.trust_anchor = trust_anchor_of(ssl);
  }
  info.resumed = SSL_session_reused(ssl) == 1;
  info.client_certificate_requested = stream.peer_check().client_certificate_requested;
  return info;
}

HandshakeOutcome succeeded(const TlsStream& stream) {
  const SSL* ssl = stream.raw();
  HandshakeOutcome outcome{info_of(stream), Fault::kNone, {}};
  if (X509* peer = SSL_get0_peer_certificate(ssl)) outcome.peer = Certificate::share(peer).facts();
  // A server has its peer's certificate only if it asked for one.
  const bool verified = SSL_get_verify_result(ssl) == X509_V_OK &&
                        (outcome.peer.has_value() || SSL_is_server(ssl) == 1);
  if (!verified) {
    // OpenSSL ends the handshake itself in this case; nothing may depend on it alone.
    outcome.fault = Fault::kOther;
    outcome.info =
        base::fail(base::ErrorCode::kTlsCertificate, stream.party(),
                   "TLS with " + stream.peer() + " ended without a verified certificate");
  }
  return outcome;
}

HandshakeOutcome failed(const TlsStream& stream) {
  const PeerCheck& check = stream.peer_check();
  HandshakeOutcome outcome{base::fail(explain(stream, check.leaf)), stream.failure()->fault,
                           check.leaf};
  // TLS 1.2 has no better words for a missing client certificate than handshake_failure.
  if (outcome.fault == Fault::kAlertReceived && check.client_certificate_requested) {
    outcome.fault = Fault::kClientCertificateRequested;
  }
  return outcome;
}

}  // namespace

net::Task<HandshakeOutcome> handshake(TlsStream& stream, base::Instant deadline) {
  for (;;) {
    const TlsStream::Progress progress = stream.try_handshake();
    if (progress == TlsStream::Progress::kDone) co_return succeeded(stream);
    if (progress == TlsStream::Progress::kFailed) co_return failed(stream);
    net::ReadyAwaiter ready(stream.poll(), stream.read_needs(), deadline);
    const net::Wake wake = co_await ready;
    if (wake == net::Wake::kTimeout) {
      co_return HandshakeOutcome{base::fail(explain_timeout(stream)), Fault::kHandshakeTimeout, {}};
    }
  }
}

}  // namespace tls
