// The client side: connections that verify whom they talk to.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "tls/peer_name.h"
#include "tls/session_cache.h"
#include "tls/settings.h"
#include "tls/stream.h"
#include "tls/trust.h"

namespace tls {

struct ClientOptions {
  std::vector<std::string> alpn;  // offered in this order; none when empty
};

// Settings shared by all connections to one class of peers; immutable, and usable from all threads.
// There is no way to switch verification off.
class ClientContext {
 public:
  // Believes the authorities of `trust` and no others.
  static base::Result<std::shared_ptr<const ClientContext>> make(const TrustStore& trust,
                                                                 const ClientOptions& options = {});

  // A connection to `peer` over `below`, before its handshake, which resumes a session of `place`
  // if there is one for this context and peer. It may outlive the context. Fails
  // only for lack of memory, or if `peer` was not made by PeerName::parse (kInternal).
  base::Result<std::unique_ptr<TlsStream>> make_stream(std::unique_ptr<net::Stream> below,
                                                       const PeerName& peer,
                                                       const SessionPlace& place = {}) const;

 private:
  ClientContext(SslContextPtr context, std::string id)
      : context_(std::move(context)), id_(std::move(id)) {}
  SslContextPtr context_;
  std::string id_;  // random: keeps its sessions apart from those of other contexts
};

}  // namespace tls
