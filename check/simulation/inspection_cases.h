// What `--simulate --inspect` adds to the plan: controls that must fail where a proxy inspects, and
// tunnels that it must let through unread.
#pragma once

#include <string>
#include <vector>

#include "check/simulation/controls.h"
#include "check/simulation/world.h"

namespace check {

inline constexpr const char* kUntrustedName = "untrusted.simulated.test";
inline constexpr const char* kPinnedName = "pinned.simulated.test";
inline constexpr const char* kListedName = "listed.simulated.test";
inline constexpr const char* kAskingName = "client-certificate.simulated.test";

// Another cluster's API server, which the simulated proxy is told to inspect all the same.
std::string forced_api_server(const std::string& region);

// Gives the world an origin for every case.
void add_inspection_names(const aks::ClusterFacts& cluster, WorldSpec& spec);

// An origin of an authority that the proxy does not know, a client that does not believe the
// inspection CA, and an API server that the proxy inspects.
std::vector<Control> inspection_controls(const aks::ClusterFacts& cluster,
                                         const aks::ProxyUrl& proxy);

// A tunnel that must not be inspected, and the reason that the proxy must give for it.
struct Exempt {
  Probe probe;
  Served served = Served::kPublic;
  std::string word;  // as in ProbeResult::exemption
};

// The API server sent through the proxy, an origin that asks for a client certificate, a name in
// tls.passthrough, and the client of the control above once more.
std::vector<Exempt> exempt_tunnels(const aks::ClusterFacts& cluster, const aks::ProxyUrl& proxy);

// Fails a result that was inspected, or whose proxy gives another reason.
ProbeResult judge_exempt(const Exempt& exempt, ProbeResult result);

}  // namespace check
