#include "check/simulation/simulate.h"

#include <cerrno>
#include <optional>
#include <set>

#include "base/version.h"
#include "check/inspection.h"
#include "check/runner.h"
#include "check/scratch_directory.h"
#include "check/simulation/controls.h"
#include "check/simulation/inspection_cases.h"
#include "check/simulation/simulated_inspection.h"
#include "check/simulation/simulated_proxy.h"
#include "check/simulation/world.h"
#include "check/witness.h"
#include "proxy/server.h"
#include "tls/trust.h"

namespace check {
namespace {

constexpr const char* kRegion = "westeurope";
constexpr std::chrono::seconds kSettleLimit{2};
const base::IpAddress kLoopback = base::IpAddress::v4({127, 0, 0, 1});

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

base::Result<std::shared_ptr<const tls::ClientContext>> trusting(
    const std::vector<tls::Certificate>& authorities) {
  tls::TrustStore store;
  for (const tls::Certificate& each : authorities) store.add(each);
  return tls::ClientContext::make(store);
}

const base::Endpoint& endpoint_of(const World& world, Served served) {
  switch (served) {
    case Served::kPublic: return world.public_tls();
    case Served::kInCluster: return world.cluster_tls();
    case Served::kAsking: return world.asking_tls();
  }
  return world.public_tls();
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
  report.version = base::version();
  report.setting = Setting::kSimulated;
  report.inspecting =
      options.tunnels == Tunnels::kInspected ? Inspecting::kExpected : Inspecting::kNotAsked;
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

// One run: who serves, who is in the middle, and the probes, batch by batch.
class Simulation {
 public:
  explicit Simulation(const SimulationOptions& options)
      : options_(options),
        cluster_(simulated_cluster(options.query.region.empty() ? kRegion : options.query.region)) {
  }

  base::Result<void> set_up() {
    if (scratch_.path().empty()) {
      return base::fail(base::ErrorCode::kIo, base::Party::kProxy,
                        "no directory for the simulation's files can be made; check TMPDIR", errno);
    }
    const auto catalogue = aks::Catalogue::embedded();
    if (!catalogue) return base::fail(catalogue.error());
    aks::ProxyUrl proxy_url{aks::ProxyScheme::kHttp, {"127.0.0.1", kLoopback, 1}};
    auto plan = plan_with_proxy(*catalogue, options_, cluster_, proxy_url);
    if (!plan) return base::fail(plan.error());
    base::Result<void> started = start_servers(*plan);
    if (!started) return started;
    proxy_url.authority.port = server_->listening().front().port;
    plan = plan_with_proxy(*catalogue, options_, cluster_, proxy_url);
    if (!plan) return base::fail(plan.error());
    plan_ = std::move(*plan);
    context_.overrides = overrides_for(plan_, *world_);
    controls_ = make_controls(cluster_, proxy_url);
    if (inspects()) {
      for (Control& each : inspection_controls(cluster_, proxy_url)) {
        controls_.push_back(std::move(each));
      }
      exempt_ = exempt_tunnels(cluster_, proxy_url);
    }
    report_ = head_of_report(options_, cluster_, proxy_url, plan_, catalogue->provenance());
    return trust();
  }

  base::Result<Report> run() {
    const base::Instant began = base::steady_now();
    if (options_.planned) {
      options_.planned(plan_.probes.size() + controls_.size() + exempt_.size());
    }
    const bool inspection = inspects();
    base::Result<void> done = batch(plan_.probes, [inspection](size_t, ProbeResult result) {
      if (inspection) expect_inspection(result);
      return result;
    });
    // Direct probes are over, what the proxy saw of them it has seen: now it may be given to see.
    if (done) {
      done = batch(probes_of(controls_), [this](size_t i, ProbeResult result) {
        return judge_control(controls_[i], std::move(result));
      });
    }
    // These find what the controls have left: a client that rejected the CA.
    if (done) {
      done = batch(probes_of(exempt_), [this](size_t i, ProbeResult result) {
        return judge_exempt(exempt_[i], std::move(result));
      });
    }
    if (!done) return base::fail(done.error());
    report_.elapsed =
        std::chrono::duration_cast<std::chrono::milliseconds>(base::steady_now() - began);
    return std::move(report_);
  }

 private:
  bool inspects() const { return options_.tunnels == Tunnels::kInspected; }

  base::Result<void> start_servers(const Plan& plan) {
    WorldSpec spec;
    spec.public_names = names_through_proxy(plan);
    spec.expired_name = kExpiredName;
    spec.cluster_names = names_in_cluster(plan);
    if (inspects()) add_inspection_names(cluster_, spec);
    auto world = World::start(spec);
    if (!world) return base::fail(world.error());
    world_ = std::move(*world);
    std::vector<std::string> allowed = spec.public_names;
    allowed.insert(allowed.end(), {kExpiredName, cluster_.fqdn});
    if (inspects()) allowed.insert(allowed.end(), {kUntrustedName, kAskingName});
    config::Config config = simulated_proxy(*world_, allowed, log_path());
    if (inspects()) {
      auto authority = turn_on_inspection(*world_, cluster_.region, scratch_.path(), config);
      if (!authority) return base::fail(authority.error());
      inspector_ = std::move(*authority);
    }
    auto server = proxy::Server::start(config, nobody_);
    if (!server) return base::fail(server.error());
    server_ = std::move(*server);
    return {};
  }

  // Whom the clients believe: the internet's root stands for the system's roots.
  base::Result<void> trust() {
    std::vector<tls::Certificate> authorities{world_->public_root().certificate()};
    const auto system = trusting(authorities);
    if (inspector_) {
      authorities.push_back(inspector_->certificate());
      context_.trusted_ca_subjects = {inspector_->certificate().facts().subject};
    }
    const auto nodes = trusting(authorities);
    const auto cluster = trusting({world_->cluster_root().certificate()});
    if (!system) return base::fail(system.error());
    if (!nodes) return base::fail(nodes.error());
    if (!cluster) return base::fail(cluster.error());
    context_.trust = *nodes;
    context_.system_trust = *system;
    context_.cluster_trust = *cluster;
    return {};
  }

  // The probes of controls or exempt tunnels, whose hosts are looked for where they are served.
  template <typename Case>
  std::vector<Probe> probes_of(const std::vector<Case>& cases) {
    std::vector<Probe> probes;
    probes.reserve(cases.size());
    for (const Case& each : cases) {
      probes.push_back(each.probe);
      context_.overrides.emplace(each.probe.host + ":" + std::to_string(each.probe.port),
                                 endpoint_of(*world_, each.served));
    }
    return probes;
  }

  // Runs probes, has the proxy's log testify, and puts what `judge` makes of them into the report.
  template <typename Judge>
  base::Result<void> batch(const std::vector<Probe>& probes, Judge judge) {
    std::vector<ProbeResult> results = run_probes(context_, probes, options_.at_once, {});
    server_->settle(kSettleLimit);
    const auto witness = Witness::from_access_log(log_path(), report_.started);
    if (!witness) return base::fail(witness.error());
    for (size_t i = 0; i < results.size(); ++i) {
      witness->testify(results[i]);
      report_.results.push_back(judge(i, std::move(results[i])));
      if (options_.each) options_.each(report_.results.back());
    }
    return {};
  }

  std::string log_path() const { return scratch_.path() + "/access.log"; }

  const SimulationOptions& options_;
  const aks::ClusterFacts cluster_;
  const ScratchDirectory scratch_{"simulation"};
  std::unique_ptr<World> world_;
  std::optional<tls::Authority> inspector_;
  proxy::Observatory nobody_;  // looks on
  std::unique_ptr<proxy::Server> server_;
  Plan plan_;
  std::vector<Control> controls_;
  std::vector<Exempt> exempt_;
  net::Loop loop_;
  ProbeContext context_{loop_, nullptr};
  Report report_;
};

}  // namespace

base::Result<Report> simulate(const SimulationOptions& options) {
  Simulation simulation(options);
  const base::Result<void> ready = simulation.set_up();
  if (!ready) return base::fail(ready.error());
  return simulation.run();
}

}  // namespace check
