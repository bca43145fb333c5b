// The server side: connections that show a certificate chosen by the name the client asks for.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "tls/identity.h"
#include "tls/settings.h"
#include "tls/stream.h"
#include "tls/ticket_keys.h"
#include "tls/trust.h"
#include "tls/verify.h"

namespace tls {

// Which clients' certificates are believed, and whether a client may do without. One that sends a
// certificate that can't be verified is refused in either case.
struct ClientCertificates {
  TrustStore authorities;
  ClientCertificate need = ClientCertificate::kRequired;
};

// Whether clients may come back with less work, by a ticket that they keep (tls/ticket_keys.h).
enum class Resumption { kOff, kByTicket };

struct ServerOptions {
  // In order of preference. A client that offers only others is refused (RFC 7301 §3.2); one that
  // offers none is served. When empty the client's offer is ignored.
  std::vector<std::string> alpn = {};
  // Clients are not asked for certificates when empty.
  std::optional<ClientCertificates> client_certificates = {};
  Resumption resumption = Resumption::kOff;
};

// Settings shared by all connections of a listener; immutable, and usable from all threads. Its
// session tickets are its own: no other context, one made from the same files included, resumes
// them.
class ServerContext {
 public:
  // Each identity serves the DNS names of its leaf's subjectAltName, `*.` covering one label; the
  // first one that has a name wins it. A client that sends no SNI, or another name, gets the first
  // identity. Fails (kBadRequest) without identities, or when one is unusable at security level 2.
  static base::Result<std::shared_ptr<const ServerContext>> make(std::vector<Identity> identities,
                                                                 const ServerOptions& options = {});

  // A connection with a client over `below`, before its handshake. The context must live until that
  // is over. Fails only for lack of memory.
  base::Result<std::unique_ptr<TlsStream>> make_stream(std::unique_ptr<net::Stream> below) const;

  // The identity for an SNI, in any case; empty for none.
  const Identity& identity_for(std::string_view server_name) const;

 private:
  ServerContext(SslContextPtr context, std::vector<Identity> identities, std::string alpn,
                std::unique_ptr<TicketKeys> keys);
  base::Result<SslPtr> make_connection() const;
  void index_names();
  static int on_certificate(ssl_st* ssl, void* self);

  std::unique_ptr<TicketKeys> keys_;  // null without resumption
  SslContextPtr context_;
  std::vector<Identity> identities_;
  std::string alpn_;                                    // in wire form
  std::map<std::string, size_t, std::less<>> by_name_;  // lower case; "*.good.test" as it stands
};

}  // namespace tls
