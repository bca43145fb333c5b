// The webhook's HTTPS server, and a listener beside it for probes in plain HTTP (aks/webhook/desk.h
// has their pages). Silent and greedy clients keep nobody out (http1/small_server.h).
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>

#include "aks/webhook/metrics.h"
#include "aks/webhook/settings.h"
#include "base/ip.h"
#include "base/result.h"

namespace aks::webhook {

struct ServerOptions {
  base::Endpoint listen;
  std::optional<base::Endpoint> probes;       // nullopt: none but those on `listen`
  std::size_t connections = 1024;             // at once
  std::size_t threads = 4;                    // that answer reviews
  std::chrono::milliseconds handshake{5000};  // from accept to the end of the handshake
  std::chrono::milliseconds request{5000};    // from its first octet to the answer's last
  // Longer than the 90 s for which the API server keeps a connection: the client ends it.
  std::chrono::milliseconds idle{100'000};
};

class Server {
 public:
  // Binds (port 0 picks a free one) and serves until destroyed. `settings` and `metrics` outlive
  // it. Fails (proxy) with kIo, naming the endpoint, when it cannot be bound.
  static base::Result<std::unique_ptr<Server>> start(const ServerOptions& options,
                                                     const LiveSettings& settings,
                                                     Metrics& metrics);
  // Waits for requests in progress, for the request's limit at most.
  ~Server();

  // From now on /readyz says 503 and every connection ends after its request; new ones are served
  // still, since clients learn of the end with a delay.
  void drain();

  const base::Endpoint& endpoint() const;  // with the port actually bound
  // nullptr when there are none.
  const base::Endpoint* probes() const;

 private:
  struct Impl;
  explicit Server(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace aks::webhook
