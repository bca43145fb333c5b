// What a configuration becomes: an immutable snapshot that sessions share. A reload makes a new
// one; running sessions keep theirs.
#pragma once

#include <memory>
#include <optional>
#include <vector>

#include "aks/misroute.h"
#include "base/ip.h"
#include "config/schema.h"
#include "http/limits.h"
#include "proxy/policy/engine.h"
#include "proxy/tls_runtime.h"

namespace proxy {

struct Runtime {
  Runtime(config::Config from, std::shared_ptr<const TlsRuntime> tls_runtime,
          std::vector<base::Endpoint> own_endpoints, std::vector<base::IpAddress> local_addresses);

  config::Config config;
  std::shared_ptr<const TlsRuntime> tls;
  policy::Engine policy;
  std::optional<aks::MisrouteJudge> misroutes;  // nullopt without a noProxy list
  http::Limits http_limits;
};

using RuntimePtr = std::shared_ptr<const Runtime>;

// The addresses of this machine's interfaces, for the own-listener check.
std::vector<base::IpAddress> local_addresses();

}  // namespace proxy
