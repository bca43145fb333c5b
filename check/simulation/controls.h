// Controls: probes that must fail. A harness that always says yes would let them pass.
#pragma once

#include <string>
#include <vector>

#include "aks/effective_no_proxy.h"
#include "aks/proxy_url.h"
#include "check/plan.h"
#include "check/plan_hints.h"
#include "check/probe_result.h"

namespace check {

inline constexpr const char* kExpiredName = "expired.simulated.test";
inline constexpr const char* kDeniedName = "denied.simulated.test";

// Which of the world's TLS servers has the origin.
enum class Served { kPublic, kInCluster, kAsking };

struct Control {
  Probe probe;
  Served served = Served::kPublic;
  // How it has to fail: the phase, and words that must be in the reason.
  std::optional<Phase> fails_in;
  std::string says;
};

// A probe through the proxy that no plan has: "control: NAME", in the group "control".
Probe control_probe(std::string name, std::string host, const aks::ProxyUrl& proxy);

// A destination that policy denies, an origin with an expired certificate, and the API server asked
// for through the proxy although it belongs to noProxy.
std::vector<Control> make_controls(const aks::ClusterFacts& cluster, const aks::ProxyUrl& proxy);

// Turns a control's result round: passed when it failed for the right reason.
ProbeResult judge_control(const Control& control, ProbeResult result);

}  // namespace check
