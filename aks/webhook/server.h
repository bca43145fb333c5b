// The webhook's HTTPS server: POST /mutate, and GET /healthz, /readyz and /metrics.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>

#include "aks/webhook/metrics.h"
#include "aks/webhook/settings.h"
#include "base/ip.h"
#include "base/result.h"

namespace aks::webhook {

struct ServerOptions {
  base::Endpoint listen;
  // One for each connection, idle ones included. Once three quarters are taken, idle connections
  // end, so that a client that keeps many does not lock others out.
  std::size_t threads = 64;
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

 private:
  struct Impl;
  explicit Server(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace aks::webhook
