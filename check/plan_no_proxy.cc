#include "check/plan_no_proxy.h"

#include <algorithm>

#include "aks/no_proxy_entry.h"

namespace check {
namespace {

using aks::EffectiveEntry;
using aks::NoProxyEntry;
using aks::NoProxyKind;

constexpr char kImds[] = "169.254.169.254";
constexpr char kWireserver[] = "168.63.129.16";

Probe direct(const EffectiveEntry& entry, ProbeKind kind, std::string host, std::uint16_t port) {
  Probe probe;
  probe.kind = kind;
  probe.route = aks::Route::kDirect;
  probe.host = std::move(host);
  probe.port = port;
  const bool v6 = probe.host.find(':') != std::string::npos;
  probe.name = (v6 ? "[" + probe.host + "]" : probe.host) + ":" + std::to_string(port);
  probe.groups = {"no-proxy"};
  probe.why = aks::describe(entry.source);
  probe.inspection = aks::Inspection::kForbidden;
  return probe;
}

Probe skipped(const EffectiveEntry& entry, std::string reason) {
  Probe probe;
  probe.name = entry.text;
  probe.route = aks::Route::kDirect;
  probe.groups = {"no-proxy"};
  probe.why = aks::describe(entry.source);
  probe.note = std::move(reason);
  return probe;
}

Probe imds(const EffectiveEntry& entry) {
  Probe probe = direct(entry, ProbeKind::kDirectHttp, kImds, 80);
  probe.why = "instance metadata: identity tokens and the node's own facts";
  probe.path = "/metadata/instance?api-version=2021-02-01";
  // IMDS answers only with this field and refuses requests that carry X-Forwarded-For.
  probe.fields = {{"Metadata", "true"}};
  return probe;
}

Probe wireserver(const EffectiveEntry& entry) {
  Probe probe = direct(entry, ProbeKind::kDirectHttp, kWireserver, 80);
  probe.why = "Azure's platform address: VM agent, DNS, health probes";
  probe.path = "/?comp=versions";
  return probe;
}

Probe api_server(const EffectiveEntry& entry, const NoProxyEntry& parsed) {
  Probe probe = direct(entry, ProbeKind::kDirectTls, parsed.host, parsed.port.value_or(443));
  probe.why = "API server: kubelet, konnectivity, controllers";
  probe.path = "/healthz";
  probe.trust = Trust::kClusterCa;
  return probe;
}

// The address after the network's own: what kube-apiserver gives its service.
base::IpAddress first_service_address(const base::Cidr& prefix) {
  auto octets = prefix.address().octets();
  const size_t last = prefix.address().is_v4() ? 3 : 15;
  octets[last] = static_cast<std::uint8_t>(octets[last] + 1);
  if (last == 15) return base::IpAddress::v6(octets);
  return base::IpAddress::v4({octets[0], octets[1], octets[2], octets[3]});
}

Probe kubernetes_service(const EffectiveEntry& entry, const base::Cidr& prefix) {
  const auto address = first_service_address(prefix).to_string();
  Probe probe = direct(entry, ProbeKind::kDirectTls, address, 443);
  probe.why = "the kubernetes service, for pods that call the API server";
  probe.path = "/healthz";
  probe.trust = Trust::kClusterCa;
  probe.note = "stands for " + entry.text;
  return probe;
}

bool ends_inside_cluster(const std::string& host) {
  return host.find('.') == std::string::npos || host.ends_with(".svc") ||
         host.ends_with(".local") || host.ends_with(".internal");
}

// An entry of the user's: a name or address whose service can only be guessed.
Probe listed(const EffectiveEntry& entry, const NoProxyEntry& parsed) {
  const std::string host = parsed.address ? parsed.address->to_string() : parsed.host;
  Probe probe = direct(entry, ProbeKind::kDirectTcp, host, parsed.port.value_or(443));
  probe.weight = Weight::kAdvisory;
  if (!parsed.port) probe.note = "the entry names no port, so 443 is tried";
  return probe;
}

bool is_api_server(const NoProxyEntry& parsed, const aks::ClusterFacts& cluster) {
  if (parsed.kind != NoProxyKind::kName) return false;
  return parsed.host == aks::parse_no_proxy_entry(cluster.fqdn).host ||
         !aks::region_of_fqdn(parsed.host).empty();
}

bool is_service_range(const base::Cidr& prefix, const aks::ClusterFacts& cluster) {
  const auto& ranges = cluster.service_cidrs;
  return std::find(ranges.begin(), ranges.end(), prefix) != ranges.end();
}

// What only machines in the cluster's network can reach; nullopt for everything else.
std::optional<Probe> plan_inside(const EffectiveEntry& entry, const NoProxyEntry& parsed,
                                 const aks::ClusterFacts& cluster) {
  if (parsed.host == kImds) return imds(entry);
  if (parsed.host == kWireserver) return wireserver(entry);
  if (parsed.prefix && is_service_range(*parsed.prefix, cluster)) {
    return kubernetes_service(entry, *parsed.prefix);
  }
  return std::nullopt;
}

Probe plan_entry(const EffectiveEntry& entry, const aks::ClusterFacts& cluster, Vantage vantage) {
  const NoProxyEntry parsed = aks::parse_no_proxy_entry(entry.text);
  if (parsed.host == "localhost" || parsed.host == "127.0.0.1") {
    return skipped(entry, "loopback: never leaves the machine");
  }
  if (parsed.host == "konnectivity") {
    return skipped(entry, "a name that only the konnectivity agent uses");
  }
  if (auto probe = plan_inside(entry, parsed, cluster)) {
    if (vantage == Vantage::kCluster) return std::move(*probe);
    return skipped(entry,
                   "answers inside the cluster's network only, and the check runs elsewhere");
  }
  if (is_api_server(parsed, cluster)) return api_server(entry, parsed);
  switch (parsed.kind) {
    case NoProxyKind::kPrefix:
      return skipped(entry,
                     "a range, not a destination; clients that read ranges bypass all of it");
    case NoProxyKind::kDomain: return skipped(entry, "a domain, not a host");
    case NoProxyKind::kAll: return skipped(entry, "everything, not a destination");
    case NoProxyKind::kWildcard:
    case NoProxyKind::kUnusable:
      return skipped(entry, "no client can use this entry the way it is written");
    case NoProxyKind::kAddress: return listed(entry, parsed);
    case NoProxyKind::kName:
      if (ends_inside_cluster(parsed.host) && !parsed.port) {
        return skipped(entry, "a name that resolves inside the network only");
      }
      return listed(entry, parsed);
  }
  return skipped(entry, "not understood");
}

}  // namespace

std::vector<Probe> plan_no_proxy(const std::vector<EffectiveEntry>& entries,
                                 const aks::ClusterFacts& cluster, Vantage vantage) {
  std::vector<Probe> probes;
  probes.reserve(entries.size());
  for (const EffectiveEntry& entry : entries) probes.push_back(plan_entry(entry, cluster, vantage));
  return probes;
}

}  // namespace check
