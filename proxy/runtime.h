// What a configuration becomes: an immutable snapshot that sessions share. A reload makes a new
// one, which holds for requests from then on.
#pragma once

#include <memory>
#include <vector>

#include "base/ip.h"
#include "config/schema.h"
#include "http/limits.h"
#include "proxy/observer.h"
#include "proxy/policy/engine.h"
#include "proxy/tls_runtime.h"

namespace proxy {

// Which configuration it is: runtimes that differ in the files of tls.* alone have the same.
using Generation = std::shared_ptr<const int>;
inline Generation new_generation() { return std::make_shared<const int>(0); }

struct Runtime {
  Runtime(config::Config from, std::shared_ptr<const TlsRuntime> tls_runtime,
          std::vector<base::Endpoint> own_endpoints, std::vector<base::IpAddress> local_addresses,
          std::shared_ptr<const Observer> observing = std::make_shared<const Observer>(),
          Generation generation = new_generation());

  config::Config config;
  std::shared_ptr<const TlsRuntime> tls;
  policy::Engine policy;
  http::Limits http_limits;
  std::shared_ptr<const Observer> observer;
  Generation generation;
};

using RuntimePtr = std::shared_ptr<const Runtime>;

// The addresses of this machine's interfaces, for the own-listener check.
std::vector<base::IpAddress> local_addresses();

}  // namespace proxy
