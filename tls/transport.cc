#include "tls/transport.h"

#include <openssl/bio.h>
#include <openssl/ssl.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <cstdlib>

namespace tls {
namespace {

Transport& transport_of(BIO* bio) { return *static_cast<Transport*>(BIO_get_data(bio)); }

void remember_first(Transport& transport, std::string_view got) {
  const size_t room = transport.first.size() - transport.first_size;
  const size_t taken = std::min(room, got.size());
  std::copy_n(got.begin(), taken,
              transport.first.begin() + static_cast<std::ptrdiff_t>(transport.first_size));
  transport.first_size += taken;
}

int read(BIO* bio, char* into, int size) {
  BIO_clear_retry_flags(bio);
  if (size <= 0) return 0;
  Transport& transport = transport_of(bio);
  if (transport.messages > Transport::kMaxMessages) {
    transport.cause = EPROTO;
    return -1;
  }
  const net::IoResult got = transport.stream->try_read({into, static_cast<size_t>(size)});
  switch (got.kind) {
    case net::IoResult::Kind::kDone:
      remember_first(transport, {into, got.bytes});
      return static_cast<int>(got.bytes);
    case net::IoResult::Kind::kWouldBlock: BIO_set_retry_read(bio); return -1;
    case net::IoResult::Kind::kEof: transport.input = Transport::Input::kEnded; return 0;
    case net::IoResult::Kind::kError: transport.cause = got.cause; return -1;
  }
  return -1;
}

int write(BIO* bio, const char* from, int size) {
  BIO_clear_retry_flags(bio);
  if (size <= 0) return 0;
  Transport& transport = transport_of(bio);
  // What OpenSSL still has to say is an alert about that end. The peer, which is not there any
  // more, would answer it with a reset.
  if (transport.input == Transport::Input::kEnded) return size;
  const std::string_view piece(from, static_cast<size_t>(size));
  const net::IoResult put = transport.stream->try_write({&piece, 1});
  if (put.kind == net::IoResult::Kind::kDone) return static_cast<int>(put.bytes);
  if (put.kind == net::IoResult::Kind::kWouldBlock) {
    BIO_set_retry_write(bio);
  } else {
    transport.cause = put.cause;
  }
  return -1;
}

long control(BIO* bio, int command, long, void*) {
  switch (command) {
    case BIO_CTRL_FLUSH: return 1;  // nothing is held back here
    case BIO_CTRL_EOF: return transport_of(bio).input == Transport::Input::kEnded ? 1 : 0;
    default: return 0;
  }
}

int create(BIO* bio) {
  BIO_set_init(bio, 1);
  return 1;
}

void on_message(int sent, int, int type, const void*, size_t, SSL*, void* transport) {
  if (sent == 0 && type == SSL3_RT_HANDSHAKE) ++static_cast<Transport*>(transport)->messages;
}

struct FreeMethod {
  void operator()(BIO_METHOD* method) const noexcept { BIO_meth_free(method); }
};
using MethodPtr = std::unique_ptr<BIO_METHOD, FreeMethod>;

// A constant table of functions, the same for all; null for lack of memory. OpenSSL hands out at
// most 128 numbers for such tables.
BIO_METHOD* method() {
  static const int kNumber = BIO_get_new_index() | BIO_TYPE_SOURCE_SINK;
  static std::atomic<BIO_METHOD*> made{nullptr};
  BIO_METHOD* known = made.load();
  if (known != nullptr) return known;
  MethodPtr fresh(BIO_meth_new(kNumber, "net::Stream"));
  if (!fresh) return nullptr;
  BIO_meth_set_read(fresh.get(), read);
  BIO_meth_set_write(fresh.get(), write);
  BIO_meth_set_ctrl(fresh.get(), control);
  BIO_meth_set_create(fresh.get(), create);
  return made.compare_exchange_strong(known, fresh.get()) ? fresh.release() : known;
}

}  // namespace

void count_messages(ssl_st* ssl, Transport& transport) {
  SSL_set_msg_callback(ssl, on_message);
  SSL_ctrl(ssl, SSL_CTRL_SET_MSG_CALLBACK_ARG, 0, &transport);
}

BioPtr make_bio(Transport& transport) {
  BIO_METHOD* const functions = method();
  BioPtr bio(functions != nullptr ? BIO_new(functions) : nullptr);
  if (bio) BIO_set_data(bio.get(), &transport);
  return bio;
}

}  // namespace tls
