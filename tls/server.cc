#include "tls/server.h"

#include <openssl/err.h>
#include <openssl/ssl.h>

#include "base/ascii.h"
#include "tls/error.h"

namespace tls {
namespace {

// Shows `identity` on this connection; 1 for success, as OpenSSL counts.
int use(SSL* ssl, const Identity& identity) {
  if (SSL_use_certificate(ssl, identity.chain.front().raw()) != 1) return 0;
  if (SSL_use_PrivateKey(ssl, identity.key.raw()) != 1) return 0;
  if (SSL_clear_chain_certs(ssl) != 1) return 0;
  for (size_t i = 1; i < identity.chain.size(); ++i) {
    if (SSL_add1_chain_cert(ssl, identity.chain[i].raw()) != 1) return 0;
  }
  return 1;
}

base::Failure unusable(const Identity& identity) {
  const LibraryError error = take_library_error();
  return base::fail(base::ErrorCode::kBadRequest, base::Party::kProxy,
                    "the server certificate \"" + identity.chain.front().facts().subject +
                        "\" cannot be used (" + error.text +
                        "); expected its own key, P-256 or RSA of at least 2048 bits, and SHA-256");
}

}  // namespace

ServerContext::ServerContext(SslContextPtr context, std::vector<Identity> identities,
                             std::string alpn, std::unique_ptr<TicketKeys> keys)
    : keys_(std::move(keys)),
      context_(std::move(context)),
      identities_(std::move(identities)),
      alpn_(std::move(alpn)) {
  index_names();
  SSL_CTX_set_cert_cb(context_.get(), on_certificate, this);
  if (!alpn_.empty()) choose_protocol(context_.get(), alpn_);
}

base::Result<std::shared_ptr<const ServerContext>> ServerContext::make(
    std::vector<Identity> identities, const ServerOptions& options) {
  base::Result<std::string> alpn = alpn_wire(options.alpn);
  if (!alpn) return base::fail(alpn.error());
  base::Result<SslContextPtr> context = make_context(Role::kServer);
  if (!context) return base::fail(context.error());
  if (identities.empty()) {
    return base::fail(base::ErrorCode::kBadRequest, base::Party::kProxy,
                      "a TLS listener needs a certificate and its key; none is given");
  }
  std::unique_ptr<TicketKeys> keys;
  if (options.resumption == Resumption::kByTicket) {
    keys = std::make_unique<TicketKeys>();
    if (!use_tickets(context->get(), *keys)) return library_failure("cannot make a TLS server");
  }
  SSL_CTX_set_verify(context->get(), SSL_VERIFY_NONE, nullptr);
  if (const auto& clients = options.client_certificates) {
    ask_for_certificate(context->get(), clients->authorities, clients->need);
  }
  // A trial connection tells now what each handshake would stumble over.
  const SslPtr trial(SSL_new(context->get()));
  if (!trial) return library_failure("cannot make a TLS server");
  for (const Identity& identity : identities) {
    if (!belongs(identity.key, identity.chain.front()) || use(trial.get(), identity) != 1) {
      return unusable(identity);
    }
  }
  return std::shared_ptr<const ServerContext>(new ServerContext(
      std::move(*context), std::move(identities), std::move(*alpn), std::move(keys)));
}

base::Result<SslPtr> ServerContext::make_connection() const {
  ERR_clear_error();
  SslPtr ssl(SSL_new(context_.get()));
  if (!ssl) return library_failure("cannot start TLS with a client");
  SSL_set_accept_state(ssl.get());
  return ssl;
}

base::Result<std::unique_ptr<TlsStream>> ServerContext::make_stream(
    std::unique_ptr<net::Stream> below) const {
  auto ssl = make_connection();
  if (!ssl) return base::fail(std::move(ssl).error());
  return std::make_unique<TlsStream>(std::move(*ssl), std::move(below), "the client");
}

void ServerContext::index_names() {
  for (size_t i = 0; i < identities_.size(); ++i) {
    for (const std::string& name : identities_[i].chain.front().sans()) {
      by_name_.emplace(base::lower(name), i);
    }
  }
}

const Identity& ServerContext::identity_for(std::string_view server_name) const {
  const std::string name = base::lower(server_name);
  auto found = by_name_.find(name);
  if (const size_t dot = name.find('.'); found == by_name_.end() && dot != std::string::npos) {
    found = by_name_.find("*" + name.substr(dot));
  }
  return identities_[found == by_name_.end() ? 0 : found->second];
}

int ServerContext::on_certificate(ssl_st* ssl, void* self) {
  const char* name = SSL_get_servername(ssl, TLSEXT_NAMETYPE_host_name);
  const auto& context = *static_cast<const ServerContext*>(self);
  return use(ssl, context.identity_for(name == nullptr ? "" : name));
}

}  // namespace tls
