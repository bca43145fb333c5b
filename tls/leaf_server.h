// The server's side of inspected connections: each shows the client the leaf made for its name.
#pragma once

#include <memory>

#include "tls/leaf_issuer.h"
#include "tls/stream.h"

namespace tls {

// One OpenSSL context for all leaves but the settled ones: a leaf is put on the connection alone.
// Immutable, and usable from all threads.
//
// By ALPN the client may choose HTTP/2 or HTTP/1.1; one that offers only other protocols is refused
// with no_application_protocol (RFC 7301 §3.2), one that offers none gets HTTP/1.1. Nothing is
// remembered from one connection to the next: no tickets, no session cache.
class LeafServer {
 public:
  // Fails as make_context.
  static base::Result<std::shared_ptr<const LeafServer>> make();

  // A connection with a client over `below`, before its handshake, that shows `leaf`. It keeps
  // what it needs of both. Fails (kInternal) for lack of memory, or when OpenSSL refuses the leaf.
  base::Result<std::unique_ptr<TlsStream>> make_stream(std::unique_ptr<net::Stream> below,
                                                       const Leaf& leaf) const;

  // The same leaf with a context of its own, for a name in constant use. A handshake that shows it
  // is spared a twentieth of its CPU time: for putting the leaf on the connection, and for encoding
  // the certificate, which OpenSSL does each time unless it has read it from octets itself. To
  // settle takes what some 25 handshakes save, and 18 KiB. Fails as make_context and make_stream.
  static base::Result<std::shared_ptr<const Leaf>> settle(const Leaf& leaf);

 private:
  explicit LeafServer(SslContextPtr context) : context_(std::move(context)) {}
  SslContextPtr context_;
};

}  // namespace tls
