#include "tls/waiting_server.h"

#include <openssl/err.h>
#include <openssl/ssl.h>
#include <poll.h>

#include <cstdlib>

namespace tls {

WaitingServer::WaitingServer(SslPtr ssl, net::WaitingSocket& socket)
    : ssl_(std::move(ssl)), socket_(socket) {
  // Fails for lack of memory alone.
  if (SSL_set_fd(ssl_.get(), socket.fd()) != 1) std::abort();
}

bool WaitingServer::wait_after(int returned) {
  const int error = SSL_get_error(ssl_.get(), returned);
  ERR_clear_error();
  if (error == SSL_ERROR_WANT_READ) return socket_.wait(POLLIN);
  if (error == SSL_ERROR_WANT_WRITE) return socket_.wait(POLLOUT);
  return false;
}

bool WaitingServer::handshake() {
  for (;;) {
    ERR_clear_error();
    const int returned = SSL_do_handshake(ssl_.get());
    if (returned == 1) return true;
    if (!wait_after(returned)) return false;
  }
}

ssize_t WaitingServer::read(char* data, std::size_t size) {
  for (;;) {
    ERR_clear_error();
    std::size_t got = 0;
    const int returned = SSL_read_ex(ssl_.get(), data, size, &got);
    if (returned == 1) return static_cast<ssize_t>(got);
    if (SSL_get_error(ssl_.get(), returned) == SSL_ERROR_ZERO_RETURN) return 0;
    if (!wait_after(returned)) return -1;
  }
}

ssize_t WaitingServer::write(const char* data, std::size_t size) {
  for (;;) {
    ERR_clear_error();
    std::size_t put = 0;
    const int returned = SSL_write_ex(ssl_.get(), data, size, &put);
    if (returned == 1) return static_cast<ssize_t>(put);
    if (!wait_after(returned)) return -1;
  }
}

bool WaitingServer::wait_readable() {
  // With read-ahead OpenSSL may hold a record that the socket no longer shows.
  return SSL_has_pending(ssl_.get()) == 1 || socket_.wait(POLLIN);
}

void WaitingServer::close() {
  ERR_clear_error();
  if (SSL_is_init_finished(ssl_.get()) == 1) SSL_shutdown(ssl_.get());
  ERR_clear_error();
}

}  // namespace tls
