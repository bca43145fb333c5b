// What probes share: where names lead, whom to trust, how long to wait.
#pragma once

#include <chrono>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "base/ip.h"
#include "net/loop.h"
#include "tls/client.h"

namespace check {

struct ProbeContext {
  net::Loop& loop;
  // Believes the system's roots and the configuration's trustedCa.
  std::shared_ptr<const tls::ClientContext> trust;
  // Subjects of trustedCa's certificates: a chain that ends in one of them is a proxy's work.
  std::vector<std::string> trusted_ca_subjects{};
  // Believes the system's roots alone; nullptr when no probe has such a client.
  std::shared_ptr<const tls::ClientContext> system_trust{};
  // Believes the cluster's CA; nullptr when that is not known.
  std::shared_ptr<const tls::ClientContext> cluster_trust{};
  // "host:port" → where it really is. Direct probes dial the address; probes through the proxy ask
  // for the host on the endpoint's port, since the simulation can't listen on 80 and 443.
  std::map<std::string, base::Endpoint> overrides{};
  std::chrono::milliseconds timeout{15'000};  // for one probe, all phases together
};

}  // namespace check
