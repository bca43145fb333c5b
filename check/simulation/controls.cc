#include "check/simulation/controls.h"

namespace check {

Probe control_probe(std::string name, std::string host, const aks::ProxyUrl& proxy) {
  Probe probe;
  probe.name = "control: " + std::move(name);
  probe.kind = ProbeKind::kConnectTls;
  probe.host = std::move(host);
  probe.port = 443;
  probe.proxy = proxy;
  probe.groups = {"control"};
  return probe;
}

std::vector<Control> make_controls(const aks::ClusterFacts& cluster, const aks::ProxyUrl& proxy) {
  std::vector<Control> controls;
  Control denied;
  denied.probe = control_probe("denied endpoint", kDeniedName, proxy);
  denied.probe.why = "policy denies it: the probe must say so";
  denied.fails_in = Phase::kConnectReply;
  denied.says = "403";
  controls.push_back(std::move(denied));

  Control expired;
  expired.probe = control_probe("expired certificate", kExpiredName, proxy);
  expired.probe.why = "its certificate has expired: verification must fail";
  expired.fails_in = Phase::kTls;
  expired.says = "expired";
  controls.push_back(std::move(expired));

  Control misrouted;
  misrouted.probe = control_probe("noProxy ignored", cluster.fqdn, proxy);
  misrouted.probe.why = "sent through the proxy against noProxy: the proxy's log must show it";
  misrouted.probe.route = aks::Route::kDirect;
  misrouted.probe.trust = Trust::kClusterCa;
  misrouted.served = Served::kInCluster;
  misrouted.says = "the proxy saw";
  controls.push_back(std::move(misrouted));
  return controls;
}

ProbeResult judge_control(const Control& control, ProbeResult result) {
  const bool right_phase = !control.fails_in || result.failed_in == control.fails_in;
  const bool right_words = result.reason.find(control.says) != std::string::npos;
  const std::string found = result.reason;
  if (result.verdict == Verdict::kFail && right_phase && right_words) {
    result.verdict = Verdict::kPass;
    result.reason = "failed as it must: " + found;
    result.next_step.clear();
    return result;
  }
  const bool failed = result.verdict == Verdict::kFail;
  result.verdict = Verdict::kFail;
  result.reason = (failed ? "failed, but for another reason than it must: "
                          : "passed although it must fail: ") +
                  found;
  result.next_step = "Do not trust this build's verdicts: the harness itself is broken; report it.";
  return result;
}

}  // namespace check
