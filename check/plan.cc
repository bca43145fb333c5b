#include "check/plan.h"

#include <algorithm>
#include <iterator>

#include "aks/no_proxy/evaluate.h"
#include "aks/no_proxy_entry.h"
#include "check/plan_no_proxy.h"

namespace check {
namespace {

using aks::Endpoint;
using aks::ExampleSource;
using aks::Route;
using aks::UrlScheme;

class Planner {
 public:
  Planner(const aks::HttpProxyConfig& config, const PlanOptions& options, std::string_view no_proxy)
      : config_(config), options_(options), told_(aks::no_proxy::told_by_aks(config, no_proxy)) {}

  // A probe for an endpoint that the catalogue wants through the proxy.
  Probe plan(const Endpoint& endpoint) const {
    Probe probe;
    probe.name = endpoint.host + ":" + std::to_string(endpoint.port);
    probe.port = endpoint.port;
    probe.path = endpoint.path;
    probe.groups = endpoint.groups;
    probe.why = endpoint.purpose;
    probe.inspection = endpoint.inspection;
    probe.note = endpoint.note;
    choose_name(endpoint, probe);
    if (!endpoint.scheme || probe.host.empty()) {
      return skip(std::move(probe), "no single host stands for it; allow it at the firewall");
    }
    if (probe.host.find('{') != std::string::npos) {
      return skip(std::move(probe), "the host depends on the region: name it with --region");
    }
    route(*endpoint.scheme, probe);
    return probe;
  }

 private:
  void choose_name(const Endpoint& endpoint, Probe& probe) const {
    probe.host = endpoint.example;
    probe.example = endpoint.example_source;
    const auto given = options_.names.find(endpoint.host);
    if (given != options_.names.end()) {
      probe.host = given->second;
      probe.example = ExampleSource::kKnown;
    }
    if (probe.example == ExampleSource::kInvented) probe.weight = Weight::kAdvisory;
  }

  static Probe skip(Probe probe, std::string reason) {
    probe.kind = ProbeKind::kSkipped;
    probe.note = std::move(reason);
    return probe;
  }

  // Through the proxy, unless kubelet and containerd, which are Go, would go direct.
  void route(UrlScheme scheme, Probe& probe) const {
    const bool https = scheme == UrlScheme::kHttps;
    const auto& proxy = https ? config_.https_proxy : config_.http_proxy;
    const auto to =
        aks::no_proxy::make_destination(https ? "https" : "http", probe.host, probe.port);
    const auto verdict = aks::no_proxy::evaluate(aks::no_proxy::Client::kGo, told_, to);
    if (proxy && verdict.outcome == aks::no_proxy::Outcome::kProxy) {
      probe.kind = https ? ProbeKind::kConnectTls : ProbeKind::kPlainHttp;
      probe.proxy = proxy;
      return;
    }
    probe.kind = https ? ProbeKind::kDirectTls : ProbeKind::kDirectHttp;
    probe.route = Route::kDirect;
    if (!proxy) {
      probe.warning = std::string("no proxy is configured for ") + (https ? "https" : "http") +
                      " URLs, so nodes reach it directly: set " +
                      (https ? "httpsProxy" : "httpProxy") + " or allow it at the firewall";
    } else {
      probe.warning =
          "the noProxy entry " + aks::cite(verdict.entry) +
          " sends it past the proxy: narrow the entry or allow the host at the firewall";
    }
  }

  const aks::HttpProxyConfig& config_;
  const PlanOptions& options_;
  aks::no_proxy::Environment told_;
};

bool is_host(std::string_view text) {
  const aks::NoProxyEntry entry = aks::parse_no_proxy_entry(text);
  const bool host =
      entry.kind == aks::NoProxyKind::kName || entry.kind == aks::NoProxyKind::kAddress;
  return host && !entry.port && text.find_first_of(" \t") == std::string_view::npos;
}

base::Failure wrong(std::string detail) {
  return base::fail(base::ErrorCode::kBadRequest, base::Party::kClient, std::move(detail));
}

// Whether the hosts that the user gave can be asked for, and stand for something.
base::Result<void> check_hosts(const aks::ClusterFacts& cluster, const PlanOptions& options,
                               const std::vector<Endpoint>& endpoints) {
  if (!cluster.fqdn.empty() && !is_host(cluster.fqdn)) {
    return wrong("the API server's name " + aks::cite(cluster.fqdn) +
                 " is no host; expected one such as demo-1a2b.hcp.westeurope.azmk8s.io");
  }
  for (const auto& [pattern, name] : options.names) {
    if (!is_host(name)) {
      return wrong("the name " + aks::cite(name) + " given for " + aks::cite(pattern) +
                   " is no host; expected a name or an address without a port");
    }
    const bool stands_for_something =
        std::any_of(endpoints.begin(), endpoints.end(),
                    [&host = pattern](const Endpoint& endpoint) { return endpoint.host == host; });
    if (!stands_for_something) {
      return wrong("a name is given for " + aks::cite(pattern) +
                   ", which is none of the selected endpoints; is the add-on missing?");
    }
  }
  return {};
}

// The same destination without the proxy, where it must not be reached.
Probe closed(Probe probe) {
  probe.name = "closed: " + probe.name;
  probe.kind =
      probe.kind == ProbeKind::kConnectTls ? ProbeKind::kDirectTls : ProbeKind::kDirectHttp;
  probe.route = Route::kDirect;
  probe.proxy.reset();
  probe.wanted = Wanted::kClosed;
  probe.why = "everything but the proxy has to be kept from reaching it";
  probe.note.clear();
  return probe;
}

// Of a guessed name it would prove nothing that it does not answer.
std::vector<Probe> closed_ones(const std::vector<Probe>& probes) {
  std::vector<Probe> out;
  for (const Probe& probe : probes) {
    const bool counts = probe.route == Route::kProxy && probe.kind != ProbeKind::kSkipped &&
                        probe.weight == Weight::kRequired;
    if (counts) out.push_back(closed(probe));
  }
  return out;
}

// 0: through the proxy, 1: direct, 2: closed, 3: skipped.
int rank(const Probe& probe) {
  if (probe.kind == ProbeKind::kSkipped) return 3;
  if (probe.wanted == Wanted::kClosed) return 2;
  return probe.route == Route::kProxy ? 0 : 1;
}

// Whether a required endpoint already goes to the same place, because noProxy covers it.
bool is_planned(const std::vector<Probe>& probes, const Probe& probe) {
  return probe.kind != ProbeKind::kSkipped &&
         std::any_of(probes.begin(), probes.end(), [&probe](const Probe& other) {
           return other.route == probe.route && other.host == probe.host &&
                  other.port == probe.port;
         });
}

void add_notes(const aks::HttpProxyConfig& config, const aks::ClusterFacts& cluster, Plan& plan) {
  if (!config.enabled) {
    plan.notes.push_back(
        "The configuration is disabled, so AKS gives nodes and pods no proxy; the check shows what "
        "enabling it would do.");
  }
  const bool reaches_api_server =
      std::any_of(plan.probes.begin(), plan.probes.end(), [](const Probe& probe) {
        return probe.trust == Trust::kClusterCa && !base::IpAddress::parse(probe.host);
      });
  if (!reaches_api_server) {
    plan.notes.push_back(
        "The API server's name is not known, so that it is reached directly is not proved; name it "
        "with --fqdn.");
  }
  if (cluster.service_cidrs.empty()) {
    plan.notes.push_back(
        "The service range is not known, so the kubernetes service is not tried; name it with "
        "--service-cidr.");
  }
}

}  // namespace

base::Result<Plan> make_plan(const aks::Catalogue& catalogue, const aks::HttpProxyConfig& config,
                             const aks::ClusterFacts& cluster, const PlanOptions& options) {
  aks::Query query = options.query;
  if (query.region.empty()) query.region = cluster.region;
  if (query.region.empty()) query.region = aks::region_of_fqdn(cluster.fqdn);
  auto endpoints = catalogue.select(query);
  if (!endpoints) return base::fail(std::move(endpoints).error());

  const auto hosts = check_hosts(cluster, options, *endpoints);
  if (!hosts) return base::fail(hosts.error());

  Plan plan;
  plan.no_proxy = aks::effective_no_proxy(config.no_proxy, cluster);
  const Planner planner(config, options, aks::join_no_proxy(plan.no_proxy));
  for (const Endpoint& endpoint : *endpoints) {
    if (endpoint.via == Route::kProxy) plan.probes.push_back(planner.plan(endpoint));
  }
  for (Probe& probe : plan_no_proxy(plan.no_proxy, cluster, options.vantage)) {
    if (!is_planned(plan.probes, probe)) plan.probes.push_back(std::move(probe));
  }
  if (options.egress == Egress::kMustBeClosed) {
    std::vector<Probe> shut = closed_ones(plan.probes);
    std::move(shut.begin(), shut.end(), std::back_inserter(plan.probes));
  }
  std::stable_sort(plan.probes.begin(), plan.probes.end(),
                   [](const Probe& a, const Probe& b) { return rank(a) < rank(b); });
  add_notes(config, cluster, plan);
  return plan;
}

std::string_view token_of(ProbeKind kind) {
  switch (kind) {
    case ProbeKind::kConnectTls: return "connect";
    case ProbeKind::kPlainHttp: return "http";
    case ProbeKind::kDirectTls: return "direct-tls";
    case ProbeKind::kDirectHttp: return "direct-http";
    case ProbeKind::kDirectTcp: return "direct-tcp";
    case ProbeKind::kSkipped: return "skipped";
  }
  return "skipped";
}

std::string_view token_of(aks::Route route) { return route == Route::kProxy ? "proxy" : "direct"; }

}  // namespace check
