#include "tls/client.h"

#include <openssl/err.h>
#include <openssl/rand.h>
#include <openssl/ssl.h>

#include "tls/error.h"
#include "tls/verify.h"

namespace tls {

base::Result<std::shared_ptr<const ClientContext>> ClientContext::make(
    const TrustStore& trust, const ClientOptions& options) {
  const base::Result<std::string> alpn = alpn_wire(options.alpn);
  if (!alpn) return base::fail(alpn.error());
  base::Result<SslContextPtr> context = make_context(Role::kClient);
  if (!context) return base::fail(context.error());
  SSL_CTX* const raw = context->get();
  SSL_CTX_set1_cert_store(raw, trust.raw());
  if (!require_verification(raw)) return library_failure("cannot make a TLS client");
  keep_sessions(raw);
  std::string id(16, '\0');
  if (RAND_bytes(reinterpret_cast<unsigned char*>(id.data()), static_cast<int>(id.size())) != 1) {
    return library_failure("cannot name a TLS context");
  }
  const auto* wire = reinterpret_cast<const unsigned char*>(alpn->data());
  // Returns 0 for success, unlike its neighbours.
  if (!alpn->empty() &&
      SSL_CTX_set_alpn_protos(raw, wire, static_cast<unsigned>(alpn->size())) != 0) {
    return library_failure("cannot set the ALPN protocols of TLS clients");
  }
  return std::shared_ptr<const ClientContext>(
      new ClientContext(std::move(*context), std::move(id)));
}

base::Result<std::unique_ptr<TlsStream>> ClientContext::make_stream(
    std::unique_ptr<net::Stream> below, const PeerName& peer, const SessionPlace& place) const {
  ERR_clear_error();
  SslPtr ssl(SSL_new(context_.get()));
  if (!ssl || !expect_peer(ssl.get(), peer)) {
    return library_failure("cannot start TLS with \"" + peer.text() + "\"");
  }
  SSL_set_connect_state(ssl.get());
  auto stream = std::make_unique<TlsStream>(std::move(ssl), std::move(below), peer.text());
  // No session of another name or of other roots, whatever the caller's key.
  if (place.cache != nullptr) {
    stream->keep_sessions({place.cache, id_ + peer.text() + '\n' + place.key});
  }
  return stream;
}

}  // namespace tls
