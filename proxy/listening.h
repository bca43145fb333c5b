// Where a server listens: sockets that it opens, or that were handed over to it by the process
// before it or by a service manager.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "base/ip.h"
#include "base/result.h"
#include "config/schema.h"
#include "net/inherited_sockets.h"
#include "net/listener.h"

namespace proxy {

// What is spoken at a socket, in the words of net::HandedSocket: "plain", "tls", "admin", "probes".
enum class ListenerRole : std::uint8_t { kPlain, kTls, kAdmin, kProbes };
std::string_view name_of(ListenerRole role);

class Listening {
 public:
  explicit Listening(net::InheritedSockets inherited) : inherited_(std::move(inherited)) {}

  // At least one socket for each of `threads`, all of the same endpoint: what was handed over for
  // it, else freshly opened ones. Fails (proxy) with kIo, with a sentence that names the endpoint.
  base::Result<std::vector<net::ListeningSocket>> open(const base::Endpoint& endpoint,
                                                       ListenerRole role, unsigned threads,
                                                       net::ListeningSocket::Stack stack);
  // Closes what was handed over and is not in the configuration, with a warning.
  void close_rest();
  // What has been opened, for a process that shall listen there next. The descriptors are those of
  // whoever got the sockets, and good as long as that accepts.
  const std::vector<net::HandedSocket>& opened() const { return opened_; }

 private:
  net::InheritedSockets inherited_;
  std::vector<net::HandedSocket> opened_;
};

// A wildcard IPv6 listener takes IPv4 as well, unless 0.0.0.0 is listed with the same port.
net::ListeningSocket::Stack stack_of(const base::Endpoint& endpoint, const config::Config& config);

}  // namespace proxy
