// The server's side of inspected connections: each shows the client the leaf made for its name.
#pragma once

#include <memory>
#include <string_view>

#include "tls/leaf_issuer.h"
#include "tls/server.h"
#include "tls/stream.h"

namespace tls {

// One OpenSSL context for all leaves but the settled ones: a leaf is put on the connection alone.
// Immutable, and usable from all threads.
//
// By ALPN the client may choose HTTP/2 or HTTP/1.1; one that offers only other protocols is refused
// with no_application_protocol (RFC 7301 §3.2), one that offers none gets HTTP/1.1.
//
// With resumption, each handshake gives the client one ticket (tls/ticket_keys.h). A client that
// comes back with it is spared the certificate; all that is judged of a connection is judged anew.
// It is taken only of the client that it was given to, for the same name and under the same CA. The
// keys are the process's, and never leave its memory. A ticket takes a fifth of what a new
// connection costs us (docs/design/tls.md); the gain is mostly the client's.
class LeafServer {
 public:
  // Fails as make_context.
  static base::Result<std::shared_ptr<const LeafServer>> make(
      Resumption resumption = Resumption::kOff);

  // A connection with a client over `below`, before its handshake, that shows `leaf`. It keeps
  // what it needs of both. `client` is the name that the client has proved, "" for none. Fails
  // (kInternal) for lack of memory, or when OpenSSL refuses the leaf.
  base::Result<std::unique_ptr<TlsStream>> make_stream(std::unique_ptr<net::Stream> below,
                                                       const Leaf& leaf,
                                                       std::string_view client = {}) const;

  // The same leaf with a context of its own, for a name in constant use. A handshake that shows it
  // is spared a twentieth of its CPU time: for putting the leaf on the connection, and for encoding
  // the certificate, which OpenSSL does each time unless it has read it from octets itself. To
  // settle takes what some 25 handshakes save, and 18 KiB. Fails as make_context and make_stream.
  static base::Result<std::shared_ptr<const Leaf>> settle(const Leaf& leaf);

 private:
  LeafServer(SslContextPtr context, Resumption resumption)
      : context_(std::move(context)), resumption_(resumption) {}
  SslContextPtr context_;
  Resumption resumption_;
};

}  // namespace tls
