// The proxy and all origins at once, as far as is needed to see which of them a client turns to.
#pragma once

#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/ip.h"
#include "base/result.h"

namespace check {

class RouteRecorder {
 public:
  // Destinations, "host:port" with the host in lower case and without brackets.
  struct Arrivals {
    std::set<std::string> proxied;
    std::set<std::string> direct;
  };

  // Listens as the proxy on a port of 127.0.0.1, and on every address for `origin_ports`. `hosts`
  // tells which name an address stands for. Fails (proxy) with kIo.
  static base::Result<std::unique_ptr<RouteRecorder>> listen(
      const std::set<std::uint16_t>& origin_ports,
      const std::map<std::string, base::IpAddress>& hosts);
  RouteRecorder(const RouteRecorder&) = delete;
  RouteRecorder& operator=(const RouteRecorder&) = delete;
  ~RouteRecorder();

  std::uint16_t proxy_port() const { return proxy_port_; }

  // Answers everyone, always with an error, until `until` becomes readable or the deadline, and
  // returns who was asked for.
  Arrivals record(int until, base::Instant deadline);

 private:
  struct Listener {
    int fd;
    enum class Role { kProxy, kOrigin } role;
  };
  struct Connection {
    int fd;
    Listener::Role role;
    std::string received;
  };

  RouteRecorder() = default;
  bool add_listener(std::uint16_t port, Listener::Role role);
  void accept(const Listener& listener, Arrivals& arrivals);
  // False when the connection is done with.
  bool serve(Connection& connection, Arrivals& arrivals) const;

  std::vector<Listener> listeners_;
  std::vector<Connection> connections_;
  std::map<std::string, std::string> names_;  // address → host
  std::uint16_t proxy_port_ = 0;
};

// The destination of a request's first line: "CONNECT a:443 HTTP/1.1" or "GET http://a/ HTTP/1.1".
// "" when the line names none.
std::string destination_of(std::string_view request_line);

}  // namespace check
