#include "check/simulation/simulate.h"

#include <unistd.h>

#include <array>
#include <cstdio>
#include <cstdlib>
#include <set>

#include "check/runner.h"
#include "check/simulation/controls.h"
#include "check/simulation/simulated_proxy.h"
#include "check/simulation/world.h"
#include "check/witness.h"
#include "proxy/server.h"
#include "proxy/version.h"
#include "tls/trust.h"

namespace check {
namespace {

constexpr const char* kRegion = "westeurope";
constexpr std::chrono::seconds kSettleLimit{2};
const base::IpAddress kLoopback = base::IpAddress::v4({127, 0, 0, 1});

// The proxy's access log for the time of the simulation.
class TemporaryFile {
 public:
  TemporaryFile() {
    const int fd = ::mkstemp(path_.data());
    if (fd >= 0) ::close(fd);
  }
  ~TemporaryFile() { std::remove(path_.data()); }
  TemporaryFile(const TemporaryFile&) = delete;
  TemporaryFile& operator=(const TemporaryFile&) = delete;
  std::string path() const { return path_.data(); }

 private:
  std::array<char, 32> path_{"/tmp/sluice-simulation-XXXXXX"};
};

aks::ClusterFacts simulated_cluster(const std::string& region) {
  aks::ClusterFacts facts;
  facts.region = region;
  facts.fqdn = "simulated-1a2b3c4d.hcp." + region + ".azmk8s.io";
  facts.pod_cidrs = {*base::Cidr::parse("10.244.0.0/16")};
  facts.service_cidrs = {*base::Cidr::parse("10.0.0.0/16")};
  facts.vnet_cidrs = {*base::Cidr::parse("10.224.0.0/12")};
  return facts;
}

std::vector<std::string> names_through_proxy(const Plan& plan) {
  std::set<std::string> names;
  for (const Probe& probe : plan.probes) {
    if (probe.route == aks::Route::kProxy && probe.kind != ProbeKind::kSkipped)
      names.insert(probe.host);
  }
  return {names.begin(), names.end()};
}

std::vector<std::string> names_in_cluster(const Plan& plan) {
  std::set<std::string> names;
  for (const Probe& probe : plan.probes) {
    if (probe.kind == ProbeKind::kDirectTls) names.insert(probe.host);
  }
  return {names.begin(), names.end()};
}

std::map<std::string, base::Endpoint> overrides_for(const Plan& plan, const World& world) {
  std::map<std::string, base::Endpoint> out;
  for (const Probe& probe : plan.probes) {
    const std::string key = probe.host + ":" + std::to_string(probe.port);
    switch (probe.kind) {
      case ProbeKind::kConnectTls: out[key] = world.public_tls(); break;
      case ProbeKind::kPlainHttp: out[key] = world.public_http(); break;
      case ProbeKind::kDirectTls: out[key] = world.cluster_tls(); break;
      case ProbeKind::kDirectHttp:
      case ProbeKind::kDirectTcp: out[key] = world.platform_http(); break;
      case ProbeKind::kSkipped: break;
    }
  }
  return out;
}

base::Result<std::shared_ptr<const tls::ClientContext>> trusting(const tls::Authority& root) {
  tls::TrustStore store;
  store.add(root.certificate());
  return tls::ClientContext::make(store);
}

// The plan with the proxy's address filled in, once that is known.
base::Result<Plan> plan_with_proxy(const aks::Catalogue& catalogue,
                                   const SimulationOptions& options,
                                   const aks::ClusterFacts& cluster, const aks::ProxyUrl& proxy) {
  aks::HttpProxyConfig config;
  config.http_proxy = proxy;
  config.https_proxy = proxy;
  PlanOptions plan_options;
  plan_options.query = options.query;
  plan_options.query.region = cluster.region;
  return make_plan(catalogue, config, cluster, plan_options);
}

Report head_of_report(const SimulationOptions& options, const aks::ClusterFacts& cluster,
                      const aks::ProxyUrl& proxy, const Plan& plan,
                      const aks::Provenance& provenance) {
  Report report;
  report.version = proxy::kVersion;
  report.setting = Setting::kSimulated;
  report.started = base::wall_now();
  report.http_proxy = report.https_proxy = proxy.to_string();
  report.cloud = aks::token_of(options.query.cloud);
  report.region = cluster.region;
  report.fqdn = cluster.fqdn;
  report.addons = options.query.addons;
  report.catalogue = provenance.document + ", " + provenance.date;
  report.no_proxy = plan.no_proxy;
  report.notes = plan.notes;
  return report;
}

}  // namespace

base::Result<Report> simulate(const SimulationOptions& options) {
  const base::Instant began = base::steady_now();
  const aks::ClusterFacts cluster =
      simulated_cluster(options.query.region.empty() ? kRegion : options.query.region);
  const auto catalogue = aks::Catalogue::embedded();
  if (!catalogue) return base::fail(catalogue.error());
  aks::ProxyUrl proxy_url{aks::ProxyScheme::kHttp, {"127.0.0.1", kLoopback, 1}};
  auto plan = plan_with_proxy(*catalogue, options, cluster, proxy_url);
  if (!plan) return base::fail(plan.error());

  WorldSpec spec;
  spec.public_names = names_through_proxy(*plan);
  spec.expired_name = kExpiredName;
  spec.cluster_names = names_in_cluster(*plan);
  const auto world = World::start(spec);
  if (!world) return base::fail(world.error());

  const TemporaryFile log;
  std::vector<std::string> allowed = spec.public_names;
  allowed.emplace_back(kExpiredName);
  allowed.push_back(cluster.fqdn);
  auto server = proxy::Server::start(simulated_proxy(**world, allowed, log.path()));
  if (!server) return base::fail(server.error());
  proxy_url.authority.port = (*server)->listening().front().port;
  plan = plan_with_proxy(*catalogue, options, cluster, proxy_url);
  if (!plan) return base::fail(plan.error());

  const auto public_trust = trusting((*world)->public_root());
  const auto cluster_trust = trusting((*world)->cluster_root());
  if (!public_trust) return base::fail(public_trust.error());
  if (!cluster_trust) return base::fail(cluster_trust.error());
  net::Loop loop;
  ProbeContext context{loop, *public_trust, {}, *cluster_trust};
  context.overrides = overrides_for(*plan, **world);
  const std::vector<Control> controls = make_controls(cluster, proxy_url);
  for (const Control& control : controls) {
    context.overrides.emplace(
        control.probe.host + ":" + std::to_string(control.probe.port),
        control.in_cluster == InCluster::kYes ? (*world)->cluster_tls() : (*world)->public_tls());
  }

  Report report = head_of_report(options, cluster, proxy_url, *plan, catalogue->provenance());
  if (options.planned) options.planned(plan->probes.size() + controls.size());
  report.results = run_probes(context, plan->probes, options.at_once, options.each);
  // The direct probes are over: what the proxy has seen of them, it has seen now.
  (*server)->settle(kSettleLimit);
  auto witness = Witness::from_access_log(log.path(), report.started);
  if (!witness) return base::fail(witness.error());
  for (ProbeResult& result : report.results) witness->testify(result);

  std::vector<Probe> control_probes;
  control_probes.reserve(controls.size());
  for (const Control& control : controls) control_probes.push_back(control.probe);
  auto control_results = run_probes(context, control_probes, options.at_once, {});
  (*server)->settle(kSettleLimit);
  witness = Witness::from_access_log(log.path(), report.started);
  if (!witness) return base::fail(witness.error());
  for (size_t i = 0; i < controls.size(); ++i) {
    witness->testify(control_results[i]);
    report.results.push_back(judge_control(controls[i], std::move(control_results[i])));
    if (options.each) options.each(report.results.back());
  }
  report.elapsed =
      std::chrono::duration_cast<std::chrono::milliseconds>(base::steady_now() - began);
  return report;
}

}  // namespace check
