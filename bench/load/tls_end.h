// One end of a TLS connection as a value that octets go into and come out of; whoever holds it does
// the reading and writing.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "base/result.h"
#include "tls/authority.h"
#include "tls/handles.h"

struct x509_store_ctx_st;  // OpenSSL's X509_STORE_CTX

namespace load {

class TlsEnd {
 public:
  enum class Step : std::uint8_t { kOpen, kWaiting, kFailed };

  explicit TlsEnd(tls::SslPtr ssl);

  // Takes octets that have arrived.
  void feed(std::string_view octets);
  // Goes on with the handshake.
  Step handshake();
  // Content for the other end; only once open.
  bool write(std::string_view content);
  // Content that has arrived, as far as it goes.
  std::string read();
  // Octets to be sent, of the handshake or of content.
  std::string take_output();

 private:
  tls::SslPtr ssl_;
};

// Makes clients that trust the authorities in a file, and no one else. The certificate that was
// verified last is good for the next client of the same name if it is the same to the octet:
// otherwise the load, not the proxy, would be what a measurement waits for.
class TlsClients {
 public:
  // Fails (kIo) when the file can't be used.
  static base::Result<TlsClients> create(const std::string& ca_file);
  // A client that wants a certificate for `name`, and takes no session from an earlier one.
  TlsEnd open(const std::string& name) const;

 private:
  // The certificate verified last, and for which name.
  struct Verified {
    std::string name;
    std::string certificate;  // DER
  };

  explicit TlsClients(tls::SslContextPtr context);
  static int verify(x509_store_ctx_st* chain, void* last);

  tls::SslContextPtr context_;
  std::unique_ptr<Verified> last_ = std::make_unique<Verified>();
};

// What a TLS server signs its leaves with, and whether its clients may resume their sessions.
struct ServerTls {
  tls::Authority authority;
  enum class Tickets : std::uint8_t { kGiven, kNone } tickets = Tickets::kGiven;
};

// Makes servers that show a leaf for whatever name they are asked for.
class TlsServers {
 public:
  explicit TlsServers(const ServerTls& how);
  ~TlsServers();
  TlsServers(const TlsServers&) = delete;
  TlsServers& operator=(const TlsServers&) = delete;
  TlsEnd open() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace load
