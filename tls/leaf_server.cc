#include "tls/leaf_server.h"

#include <openssl/err.h>
#include <openssl/ssl.h>

#include <string>

#include "tls/error.h"
#include "tls/settings.h"

namespace tls {
namespace {

using Protocols = LeafServer::Protocols;

// In wire form (RFC 7301 §3.1), in order of preference.
const std::string& wire_of(Protocols protocols) {
  static const std::string kHttp11 = "\x08http/1.1";
  static const std::string kHttp2OrHttp11 = "\x02h2\x08http/1.1";
  return protocols == Protocols::kHttp11 ? kHttp11 : kHttp2OrHttp11;
}

// AES with 128 bits first, as strong as the leaf's key: SHA-256 instead of SHA-384 spares each
// handshake 15 microseconds. Clients that prefer ChaCha20 still get it first.
constexpr const char* kTls13Ciphers =
    "TLS_AES_128_GCM_SHA256:TLS_AES_256_GCM_SHA384:TLS_CHACHA20_POLY1305_SHA256";

// Shows `leaf` on this connection.
bool show(SSL* ssl, const Identity& leaf) {
  if (SSL_use_certificate(ssl, leaf.chain.front().raw()) != 1) return false;
  if (SSL_use_PrivateKey(ssl, leaf.key.raw()) != 1) return false;
  for (size_t i = 1; i < leaf.chain.size(); ++i) {
    if (SSL_add1_chain_cert(ssl, leaf.chain[i].raw()) != 1) return false;
  }
  return true;
}

}  // namespace

base::Result<std::shared_ptr<const LeafServer>> LeafServer::make() {
  Contexts contexts;
  for (const Protocols protocols : {Protocols::kHttp11, Protocols::kHttp2OrHttp11}) {
    base::Result<SslContextPtr> context = make_context(Role::kServer);
    if (!context) return base::fail(context.error());
    SSL_CTX* const raw = context->get();
    if (SSL_CTX_set_ciphersuites(raw, kTls13Ciphers) != 1) {
      return library_failure("cannot set the ciphers of inspected clients");
    }
    SSL_CTX_set_verify(raw, SSL_VERIFY_NONE, nullptr);
    choose_protocol(raw, wire_of(protocols));
    // The intermediates are the leaf's own; OpenSSL need not look for others in a store.
    SSL_CTX_set_mode(raw, SSL_MODE_NO_AUTO_CHAIN);
    contexts[static_cast<size_t>(protocols)] = std::move(*context);
  }
  return std::shared_ptr<const LeafServer>(new LeafServer(std::move(contexts)));
}

base::Result<std::unique_ptr<TlsStream>> LeafServer::make_stream(std::unique_ptr<net::Stream> below,
                                                                 const Identity& leaf,
                                                                 Protocols protocols) const {
  ERR_clear_error();
  SslPtr ssl(SSL_new(contexts_[static_cast<size_t>(protocols)].get()));
  if (!ssl || !show(ssl.get(), leaf)) return library_failure("cannot start TLS with a client");
  SSL_set_accept_state(ssl.get());
  return std::make_unique<TlsStream>(std::move(ssl), std::move(below), "the client");
}

}  // namespace tls
