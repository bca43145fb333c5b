#include "proxy/listening.h"

#include <algorithm>
#include <string>
#include <utility>

#include "base/log.h"

namespace proxy {

std::string_view name_of(ListenerRole role) {
  switch (role) {
    case ListenerRole::kPlain: return "plain";
    case ListenerRole::kTls: return "tls";
    case ListenerRole::kAdmin: return "admin";
    case ListenerRole::kProbes: return "probes";
  }
  return "plain";
}

base::Result<std::vector<net::ListeningSocket>> Listening::open(const base::Endpoint& endpoint,
                                                                ListenerRole role, unsigned threads,
                                                                net::ListeningSocket::Stack stack) {
  std::vector<net::ListeningSocket> sockets = inherited_.take(endpoint, name_of(role));
  if (sockets.empty()) {
    base::Result<void> is_free = net::ListeningSocket::check_free(endpoint, stack);
    if (!is_free) return base::fail(is_free.error());
    auto first = net::ListeningSocket::open(endpoint, stack);
    if (!first) return base::fail(first.error());
    sockets.push_back(std::move(*first));  // settles what port 0 becomes
  }
  while (sockets.size() < threads) {
    const net::ListeningSocket& first = sockets.front();
    auto next =
        first.shares_port() ? net::ListeningSocket::open(first.endpoint(), stack) : first.share();
    // A port that another user opened is not shared with it (socket(7), SO_REUSEPORT).
    if (!next) next = first.share();
    if (!next) return base::fail(next.error());
    sockets.push_back(std::move(*next));
  }
  for (const net::ListeningSocket& socket : sockets) {
    opened_.push_back({socket.fd(), std::string(name_of(role))});
  }
  return sockets;
}

void Listening::close_rest() {
  for (const base::Endpoint& endpoint : inherited_.close_rest()) {
    base::log_warn("a socket that listens on " + endpoint.to_string() +
                   " was handed over, but no listener of the configuration is there; closed it");
  }
}

net::ListeningSocket::Stack stack_of(const base::Endpoint& endpoint, const config::Config& config) {
  const base::IpAddress any4;
  const auto is_its_v4 = [&](const config::Listener& other) {
    return other.endpoint.address == any4 && other.endpoint.port == endpoint.port;
  };
  const bool v4_listed = std::any_of(config.listen.begin(), config.listen.end(), is_its_v4) ||
                         std::any_of(config.tls.listen.begin(), config.tls.listen.end(), is_its_v4);
  return v4_listed ? net::ListeningSocket::Stack::kV6Only : net::ListeningSocket::Stack::kDual;
}

}  // namespace proxy
