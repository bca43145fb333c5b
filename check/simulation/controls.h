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

enum class InCluster { kNo, kYes };

struct Control {
  Probe probe;
  InCluster in_cluster = InCluster::kNo;
  // How it has to fail: the phase, and words that must be in the reason.
  std::optional<Phase> fails_in;
  std::string says;
};

// A destination that policy denies, an origin with an expired certificate, and the API server asked
// for through the proxy although it belongs to noProxy.
std::vector<Control> make_controls(const aks::ClusterFacts& cluster, const aks::ProxyUrl& proxy);

// Turns a control's result round: passed when it failed for the right reason.
ProbeResult judge_control(const Control& control, ProbeResult result);

}  // namespace check
