// The server's end of a TLS connection for a thread that may wait: what TlsStream is on a loop.
#pragma once

#include "net/waiting_socket.h"
#include "tls/handles.h"

namespace tls {

class WaitingServer final : public net::WaitingStream {
 public:
  // Made by ServerContext. `socket` outlives it and carries the deadline of every wait.
  WaitingServer(SslPtr ssl, net::WaitingSocket& socket);

  // Comes before all reading and writing. False when the client can't be served.
  bool handshake();
  ssize_t read(char* data, std::size_t size) override;
  ssize_t write(const char* data, std::size_t size) override;
  bool wait_readable() override;
  // Sends close_notify if there is room for it.
  void close();

 private:
  // Whether the call that returned `returned` may be tried again now.
  bool wait_after(int returned);

  SslPtr ssl_;
  net::WaitingSocket& socket_;
};

}  // namespace tls
