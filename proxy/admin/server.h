// The admin listener: /healthz, /readyz, /metrics, /sessions, /misroutes, /inspection, on threads
// of its own. The probes answer at once, whatever other clients do (http1/small_server.h).
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "base/ip.h"
#include "base/result.h"
#include "net/listener.h"

namespace proxy::admin {

// What the server shows. Called from the server's threads: implementations are thread-safe, and
// `ready` does not wait.
struct Sources {
  std::function<bool()> ready;              // false while draining
  std::function<std::string()> running;     // which configuration does, in a line
  std::function<std::string()> metrics;     // Prometheus text
  std::function<std::string()> sessions;    // JSON array
  std::function<std::string()> misroutes;   // JSON object
  std::function<std::string()> inspection;  // JSON object
};

class Server {
 public:
  // Binds `endpoint` (port 0 picks a free one), or takes `socket` where there is one, and serves
  // until destroyed. With a non-empty
  // `token`, every path but /healthz and plain /readyz needs "Authorization: Bearer <token>".
  // Requests whose Host is neither an address nor "localhost" are refused (DNS rebinding). Fails
  // (proxy) with kIo, naming the endpoint, when it cannot be bound.
  static base::Result<std::unique_ptr<Server>> start(
      const base::Endpoint& endpoint, std::string token, Sources sources,
      std::optional<net::ListeningSocket> socket = std::nullopt);
  ~Server();

  // As http1::SmallServer has it.
  void retire();
  bool has_retired() const;

  const base::Endpoint& endpoint() const;  // with the port actually bound

 private:
  struct Impl;
  explicit Server(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace proxy::admin
