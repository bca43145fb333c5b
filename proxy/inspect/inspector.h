// Looks into a tunnel that has been granted: reads the ClientHello, judges the name in it, and says
// what follows.
#pragma once

#include <memory>
#include <string>
#include <variant>

#include "base/error.h"
#include "base/result.h"
#include "http/target.h"
#include "net/io.h"
#include "net/task.h"
#include "proxy/after.h"
#include "proxy/alert.h"
#include "proxy/client_connection.h"
#include "proxy/inspect/exemption.h"
#include "proxy/inspect/inside.h"
#include "proxy/reach.h"
#include "proxy/service.h"
#include "tls/stream.h"

namespace proxy::inspect {

// What follows: an end, an ordinary tunnel, or a connection whose requests are for one origin.
using Looked =
    std::variant<after::Gone, after::Linger, after::Abort, after::Tunnel, std::unique_ptr<Inside>>;

class Inspector {
 public:
  // Both outlive it.
  Inspector(const Service& service, ClientConnection& client)
      : service_(service), client_(client), reach_(service, Reach::Places::kOfSession) {}

  // Goes on behind the 200 of a CONNECT, whose account is the client's. It is closed then, unless a
  // tunnel follows. Where requests follow, TLS lies on the client's connection, and its reader and
  // protocol are those inside.
  net::Task<Looked> look(after::Look what);

 private:
  net::Patience hello_patience() const;
  net::Task<Looked> peek(http::Authority target, std::unique_ptr<OriginConnection> origin);
  base::Result<void> permit_name(const http::Authority& target, const base::IpAddress& address);
  Exemption exemption_of(const Inside& inside);

  // decline.cc
  net::Task<Looked> refuse(base::Error error, Alert alert);
  net::Task<Looked> pass_through(std::unique_ptr<OriginConnection> origin, Exemption exemption);
  net::Task<Looked> refuse_inside(http::Authority target);

  // handshakes.cc
  net::Task<Looked> inspect_tls(std::unique_ptr<Inside> inside);
  net::Task<Looked> meet_client(std::unique_ptr<Inside> inside);
  Looked lose_client(const tls::TlsStream& stream, base::Error error, const std::string& name);

  Service service_;
  ClientConnection& client_;
  Reach reach_;
};

}  // namespace proxy::inspect
