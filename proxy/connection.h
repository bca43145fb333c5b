// A connection to a client or an origin: the stream to read and write, and the carrier at its
// bottom. They are one and the same until a layer (TLS, octets to be read again) is put over it.
#pragma once

#include <memory>
#include <tuple>
#include <utility>

#include "net/carrier.h"
#include "net/socket.h"

namespace proxy {

class Connection {
 public:
  explicit Connection(std::unique_ptr<net::Socket> socket)
      : carrier_(socket.get()), socket_(socket.get()), stream_(std::move(socket)) {}
  // Of a client that comes in over something else.
  explicit Connection(std::unique_ptr<net::Carrier> carrier)
      : carrier_(carrier.get()), stream_(std::move(carrier)) {}

  net::Stream& stream() { return *stream_; }
  // What ends, resets and probes it, whatever lies above.
  net::Carrier& carrier() { return *carrier_; }
  // Nothing lies above the carrier.
  bool is_plain() const { return stream_.get() == carrier_; }
  // It is a socket and nothing else.
  bool is_plain_socket() const { return socket_ != nullptr && is_plain(); }

  // Puts `layer` on top. It owns the stream so far, which `lend` has given away for the purpose.
  std::unique_ptr<net::Stream> lend() { return std::move(stream_); }
  void cover(std::unique_ptr<net::Stream> layer) { stream_ = std::move(layer); }

  // Both give the connection away.
  std::unique_ptr<net::Stream> release() { return std::move(stream_); }
  // Only of a plain socket.
  std::unique_ptr<net::Socket> release_socket() {
    std::ignore = stream_.release();
    return std::unique_ptr<net::Socket>(socket_);
  }

  // The socket at the bottom; null where there is none.
  net::Socket* socket() { return socket_; }

 private:
  net::Carrier* carrier_;
  net::Socket* socket_ = nullptr;
  std::unique_ptr<net::Stream> stream_;
};

}  // namespace proxy
