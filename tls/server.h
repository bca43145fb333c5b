// The server side: connections that show a certificate chosen by the name the client asks for.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "tls/identity.h"
#include "tls/settings.h"
#include "tls/stream.h"
#include "tls/waiting_server.h"

namespace tls {

struct ServerOptions {
  // In order of preference. A client that offers only others is refused (RFC 7301 §3.2); one that
  // offers none is served. When empty the client's offer is ignored.
  std::vector<std::string> alpn;
};

// Settings shared by all connections of a listener; immutable, and usable from all threads.
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

  // The same for a thread that may wait, on `socket`, which outlives the connection.
  base::Result<std::unique_ptr<WaitingServer>> make_waiting(net::WaitingSocket& socket) const;

  // The identity for an SNI, in any case; empty for none.
  const Identity& identity_for(std::string_view server_name) const;

 private:
  ServerContext(SslContextPtr context, std::vector<Identity> identities, std::string alpn);
  base::Result<SslPtr> make_connection() const;
  void index_names();
  static int on_certificate(ssl_st* ssl, void* self);
  static int on_alpn(ssl_st* ssl, const unsigned char** chosen, unsigned char* chosen_size,
                     const unsigned char* offered, unsigned int offered_size, void* self);

  SslContextPtr context_;
  std::vector<Identity> identities_;
  std::string alpn_;                                    // in wire form
  std::map<std::string, size_t, std::less<>> by_name_;  // lower case; "*.good.test" as it stands
};

}  // namespace tls
