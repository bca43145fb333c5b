#include "check/simulation/inspection_cases.h"

namespace check {
namespace {

Exempt exempt(std::string name, std::string host, const aks::ProxyUrl& proxy, std::string word) {
  Exempt out{control_probe("", std::move(host), proxy), Served::kPublic, std::move(word)};
  out.probe.name = "exempt: " + std::move(name);
  out.probe.groups = {"exempt"};
  out.probe.inspection = aks::Inspection::kForbidden;
  return out;
}

}  // namespace

std::string forced_api_server(const std::string& region) {
  return "forced-1a2b3c4d.hcp." + region + ".azmk8s.io";
}

void add_inspection_names(const aks::ClusterFacts& cluster, WorldSpec& spec) {
  for (const char* name : {kPinnedName, kListedName}) spec.public_names.emplace_back(name);
  spec.public_names.push_back(forced_api_server(cluster.region));
  spec.cluster_names.emplace_back(kUntrustedName);
  spec.asking_name = kAskingName;
}

std::vector<Control> inspection_controls(const aks::ClusterFacts& cluster,
                                         const aks::ProxyUrl& proxy) {
  std::vector<Control> controls;
  Control untrusted;
  untrusted.probe = control_probe("unknown authority", kUntrustedName, proxy);
  untrusted.probe.why = "the proxy does not know who signed for it: its page must say so";
  untrusted.served = Served::kInCluster;
  untrusted.fails_in = Phase::kTls;
  untrusted.says = "the inspecting proxy answered 502";
  controls.push_back(std::move(untrusted));

  Control pinned;
  pinned.probe = control_probe("client without the CA", kPinnedName, proxy);
  pinned.probe.why = "its client does not believe the inspection CA: the proxy must name it";
  pinned.probe.trust = Trust::kSystem;
  pinned.fails_in = Phase::kTls;
  pinned.says = "by the proxy's log, client 127.0.0.1";
  controls.push_back(std::move(pinned));

  Control forced;
  forced.probe = control_probe("inspected API server", forced_api_server(cluster.region), proxy);
  forced.probe.why = "tls.force names it: that it is inspected must be a failure";
  forced.probe.inspection = aks::Inspection::kForbidden;
  forced.fails_in = Phase::kTls;
  forced.says = "which this endpoint does not allow";
  controls.push_back(std::move(forced));
  return controls;
}

std::vector<Exempt> exempt_tunnels(const aks::ClusterFacts& cluster, const aks::ProxyUrl& proxy) {
  std::vector<Exempt> out;
  out.push_back(exempt("API server sent to the proxy", cluster.fqdn, proxy, "api-server"));
  out.back().probe.why = "its clients trust the cluster's CA and no other";
  out.back().probe.trust = Trust::kClusterCa;
  out.back().served = Served::kInCluster;
  out.push_back(exempt("asks for a certificate", kAskingName, proxy, "client-certificate"));
  out.back().served = Served::kAsking;
  out.back().probe.why = "the origin wants a certificate that only the client has";
  out.push_back(exempt("listed name", kListedName, proxy, "listed"));
  out.back().probe.why = "tls.passthrough names it";
  out.push_back(exempt("client without the CA, again", kPinnedName, proxy, "pinned"));
  out.back().probe.why = "tls.pinned lets a client through that rejected the CA before";
  out.back().probe.trust = Trust::kSystem;
  return out;
}

ProbeResult judge_exempt(const Exempt& exempt, ProbeResult result) {
  if (result.verdict != Verdict::kPass) return result;
  if (result.inspected == Inspected::kNo && result.exemption == exempt.word) {
    result.reason += ", not inspected: " + exempt.word;
    return result;
  }
  result.verdict = Verdict::kFail;
  result.failed_in = Phase::kTls;
  result.reason = "the proxy had to let it through as " + exempt.word + ", but its log says " +
                  (result.exemption.empty() ? "nothing of that" : result.exemption);
  result.next_step = "Do not trust this build's inspection: report it.";
  return result;
}

}  // namespace check
