// The listener for probes: /livez and /readyz, and nothing else. Kubelets and load balancers ask
// from other addresses than loopback and have no token, so nothing may be learned or changed here.
#pragma once

#include <functional>
#include <memory>
#include <optional>

#include "base/ip.h"
#include "base/result.h"
#include "net/listener.h"

namespace proxy::admin {

class Probes {
 public:
  // Binds `endpoint`, or takes `socket` where there is one, and serves until destroyed; `ready` is
  // called from its thread and does not wait. Fails (proxy) with kIo, naming the endpoint, when it
  // cannot be bound.
  static base::Result<std::unique_ptr<Probes>> start(
      const base::Endpoint& endpoint, std::function<bool()> ready,
      std::optional<net::ListeningSocket> socket = std::nullopt);
  ~Probes();

  // As http1::SmallServer has it.
  void retire();
  bool has_retired() const;

  const base::Endpoint& endpoint() const;  // with the port actually bound

 private:
  struct Impl;
  explicit Probes(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace proxy::admin
