// A connection to a client or an origin: the stream to read and write, and the socket at its
// bottom. They are one and the same until a layer (TLS, octets to be read again) is put over it.
#pragma once

#include <memory>
#include <tuple>
#include <utility>

#include "net/socket.h"
#include "net/stream.h"

namespace proxy {

class Connection {
 public:
  explicit Connection(std::unique_ptr<net::Socket> socket)
      : socket_(socket.get()), stream_(std::move(socket)) {}

  net::Stream& stream() { return *stream_; }
  // What ends, resets and probes it, whatever lies above.
  net::Socket& socket() { return *socket_; }
  bool is_plain() const { return stream_.get() == socket_; }

  // Puts `layer` on top. It owns the stream so far, which `lend` has given away for the purpose.
  std::unique_ptr<net::Stream> lend() { return std::move(stream_); }
  void cover(std::unique_ptr<net::Stream> layer) { stream_ = std::move(layer); }

  // Both give the connection away.
  std::unique_ptr<net::Stream> release() { return std::move(stream_); }
  // Only of a plain one.
  std::unique_ptr<net::Socket> release_socket() {
    std::ignore = stream_.release();
    return std::unique_ptr<net::Socket>(socket_);
  }

 private:
  net::Socket* socket_;
  std::unique_ptr<net::Stream> stream_;
};

}  // namespace proxy
