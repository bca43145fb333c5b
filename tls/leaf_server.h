// The server's side of inspected connections: each shows the client the leaf made for its name.
#pragma once

#include <array>
#include <cstdint>
#include <memory>

#include "tls/identity.h"
#include "tls/stream.h"

namespace tls {

// Two OpenSSL contexts for all leaves, one for each choice of protocols. A leaf is put on the
// connection alone, which takes 3 microseconds; a context of its own would take 100 and hold 30 KiB
// for each name. Immutable, and usable from all threads.
//
// Nothing is remembered from one connection to the next: no tickets, no session cache.
class LeafServer {
 public:
  // What the client may choose by ALPN: what the origin, or whoever stands for it, can follow. A
  // client that offers only other protocols is refused with no_application_protocol (RFC 7301
  // §3.2); one that offers none gets HTTP/1.1.
  enum class Protocols : std::uint8_t { kHttp11, kHttp2OrHttp11 };

  // Fails as make_context.
  static base::Result<std::shared_ptr<const LeafServer>> make();

  // A connection with a client over `below`, before its handshake, that shows `leaf`. It keeps
  // what it needs of both. Fails (kInternal) for lack of memory, or when OpenSSL refuses the leaf.
  base::Result<std::unique_ptr<TlsStream>> make_stream(std::unique_ptr<net::Stream> below,
                                                       const Identity& leaf,
                                                       Protocols protocols) const;

 private:
  using Contexts = std::array<SslContextPtr, 2>;  // by Protocols
  explicit LeafServer(Contexts contexts) : contexts_(std::move(contexts)) {}
  Contexts contexts_;
};

}  // namespace tls
