#include "tls/leaf_server.h"

#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>

#include <string>

#include "tls/error.h"
#include "tls/settings.h"

namespace tls {
namespace {

// In wire form (RFC 7301 §3.1), in order of preference.
const std::string& protocols() {
  static const std::string kHttp2OrHttp11 = "\x02h2\x08http/1.1";
  return kHttp2OrHttp11;
}

// AES with 128 bits first, as strong as the leaf's key: SHA-256 instead of SHA-384 spares each
// handshake 15 microseconds. Clients that prefer ChaCha20 still get it first.
constexpr const char* kTls13Ciphers =
    "TLS_AES_128_GCM_SHA256:TLS_AES_256_GCM_SHA384:TLS_CHACHA20_POLY1305_SHA256";

base::Result<SslContextPtr> make_leaf_context() {
  base::Result<SslContextPtr> context = make_context(Role::kServer);
  if (!context) return context;
  SSL_CTX* const raw = context->get();
  if (SSL_CTX_set_ciphersuites(raw, kTls13Ciphers) != 1) {
    return library_failure("cannot set the ciphers of inspected clients");
  }
  SSL_CTX_set_verify(raw, SSL_VERIFY_NONE, nullptr);
  choose_protocol(raw, protocols());
  // The intermediates are the leaf's own; OpenSSL need not look for others in a store.
  SSL_CTX_set_mode(raw, SSL_MODE_NO_AUTO_CHAIN);
  return context;
}

// The same certificate as OpenSSL has it that reads one: it keeps the octets.
base::Result<Certificate> read_back(const Certificate& certificate) {
  const std::string der = certificate.der();
  const auto* cursor = reinterpret_cast<const unsigned char*>(der.data());
  X509Ptr read(d2i_X509(nullptr, &cursor, static_cast<long>(der.size())));
  if (!read) return library_failure("cannot read back a certificate for clients");
  return Certificate(std::move(read));
}

// Shows `leaf` on this connection.
bool show(SSL* ssl, const Identity& leaf) {
  if (SSL_use_certificate(ssl, leaf.chain.front().raw()) != 1) return false;
  if (SSL_use_PrivateKey(ssl, leaf.key.raw()) != 1) return false;
  for (size_t i = 1; i < leaf.chain.size(); ++i) {
    if (SSL_add1_chain_cert(ssl, leaf.chain[i].raw()) != 1) return false;
  }
  return true;
}

// Shows `leaf` on all connections of `context`.
bool show_always(SSL_CTX* context, const Identity& leaf) {
  if (SSL_CTX_use_certificate(context, leaf.chain.front().raw()) != 1) return false;
  if (SSL_CTX_use_PrivateKey(context, leaf.key.raw()) != 1) return false;
  for (size_t i = 1; i < leaf.chain.size(); ++i) {
    if (SSL_CTX_add1_chain_cert(context, leaf.chain[i].raw()) != 1) return false;
  }
  return true;
}

}  // namespace

base::Result<std::shared_ptr<const LeafServer>> LeafServer::make() {
  base::Result<SslContextPtr> context = make_leaf_context();
  if (!context) return base::fail(context.error());
  return std::shared_ptr<const LeafServer>(new LeafServer(std::move(*context)));
}

base::Result<std::unique_ptr<TlsStream>> LeafServer::make_stream(std::unique_ptr<net::Stream> below,
                                                                 const Leaf& leaf) const {
  ERR_clear_error();
  SslPtr ssl(SSL_new(leaf.context ? leaf.context.get() : context_.get()));
  if (!ssl || (!leaf.context && !show(ssl.get(), leaf.identity))) {
    return library_failure("cannot start TLS with a client");
  }
  SSL_set_accept_state(ssl.get());
  return std::make_unique<TlsStream>(std::move(ssl), std::move(below), "the client");
}

base::Result<std::shared_ptr<const Leaf>> LeafServer::settle(const Leaf& leaf) {
  base::Result<SslContextPtr> context = make_leaf_context();
  if (!context) return base::fail(context.error());
  Leaf settled = leaf;
  base::Result<Certificate> read = read_back(leaf.identity.chain.front());
  if (!read) return base::fail(read.error());
  settled.identity.chain.front() = std::move(*read);
  if (!show_always(context->get(), settled.identity)) {
    return library_failure("cannot settle a certificate for clients");
  }
  settled.context = std::move(*context);
  return std::make_shared<const Leaf>(std::move(settled));
}

}  // namespace tls
