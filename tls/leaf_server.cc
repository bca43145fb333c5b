#include "tls/leaf_server.h"

#include <openssl/err.h>
#include <openssl/sha.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include <array>
#include <string>

#include "tls/error.h"
#include "tls/settings.h"
#include "tls/ticket_keys.h"

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

// Those of settled leaves and of all configurations are the same, so that a client may come back to
// any worker, and after a reload.
TicketKeys& ticket_keys() {
  static TicketKeys keys;
  return keys;
}

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
  if (!use_tickets(raw, ticket_keys())) return library_failure("cannot make tickets for clients");
  return context;
}

// No tickets for this connection, in either version of TLS.
bool forget(SSL* ssl) {
  SSL_set_options(ssl, SSL_OP_NO_TICKET);
  return SSL_set_num_tickets(ssl, 0) == 1;
}

// Has tickets of this connection taken by connections of the same client, name and CA alone.
bool bind_tickets(SSL* ssl, const Leaf& leaf, std::string_view client) {
  std::string binding(client);
  binding += '\0';
  binding += leaf.name.text();
  binding += '\0';
  const ASN1_OCTET_STRING* const ca = X509_get0_authority_key_id(leaf.identity.chain.front().raw());
  if (ca == nullptr) return false;
  binding.append(reinterpret_cast<const char*>(ASN1_STRING_get0_data(ca)),
                 static_cast<size_t>(ASN1_STRING_length(ca)));
  static_assert(SHA256_DIGEST_LENGTH <= SSL_MAX_SID_CTX_LENGTH);
  std::array<unsigned char, SHA256_DIGEST_LENGTH> id{};
  SHA256(reinterpret_cast<const unsigned char*>(binding.data()), binding.size(), id.data());
  return SSL_set_session_id_context(ssl, id.data(), id.size()) == 1;
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

base::Result<std::shared_ptr<const LeafServer>> LeafServer::make(Resumption resumption) {
  base::Result<SslContextPtr> context = make_leaf_context();
  if (!context) return base::fail(context.error());
  return std::shared_ptr<const LeafServer>(new LeafServer(std::move(*context), resumption));
}

base::Result<std::unique_ptr<TlsStream>> LeafServer::make_stream(std::unique_ptr<net::Stream> below,
                                                                 const Leaf& leaf,
                                                                 std::string_view client) const {
  ERR_clear_error();
  SslPtr ssl(SSL_new(leaf.context ? leaf.context.get() : context_.get()));
  if (!ssl || (!leaf.context && !show(ssl.get(), leaf.identity)) ||
      !(resumption_ == Resumption::kByTicket ? bind_tickets(ssl.get(), leaf, client)
                                             : forget(ssl.get()))) {
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
