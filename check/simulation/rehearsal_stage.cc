#include "check/simulation/rehearsal_stage.h"

#include <algorithm>

#include "aks/no_proxy/nodes.h"
#include "check/runner.h"
#include "check/simulation/simulated_proxy.h"
#include "tls/trust.h"

namespace check {
namespace {

using aks::Route;
using aks::StepKind;

constexpr std::uint16_t kHttps = 443;
const base::IpAddress kLoopback = base::IpAddress::v4({127, 0, 0, 1});
const base::Endpoint kNobody{kLoopback, 1};  // tcpmux: nothing listens there

bool is_in_cluster(const std::string& host) {
  return host.ends_with(".svc") || host.ends_with(".cluster.local");
}

base::Result<std::shared_ptr<const tls::ClientContext>> believing(
    const std::vector<const tls::Authority*>& roots) {
  tls::TrustStore store;
  for (const tls::Authority* root : roots) store.add(root->certificate());
  return tls::ClientContext::make(store);
}

}  // namespace

base::Result<void> RehearsalStage::build() {
  const aks::Changes& changes = plan_.changes;
  // Where no proxy is in use, nobody shows certificates of what AKS keeps.
  if (!aks::proxies_of(plan_.before).empty())
    before_.signers = changes.ca_out.entries.empty() ? changes.ca_kept : changes.ca_out;
  after_.signers = changes.ca_in.entries.empty() ? changes.ca_kept : changes.ca_in;
  WorldSpec spec;
  spec.platform = WorldSpec::Platform::kAbsent;
  spec.public_names = through_proxy();
  spec.cluster_names = {
      kRehearsedApiServer};  // a world has one; clients meet the one of `cluster_`
  for (Side* side : {&before_, &after_}) {
    spec.public_root = side == &before_ ? "What the old proxy shows" : "What the new proxy shows";
    auto world = World::start(spec);
    if (!world) return base::fail(world.error());
    side->world = std::move(*world);
  }
  WorldSpec inside;
  inside.platform = WorldSpec::Platform::kAbsent;
  inside.cluster_names = hosts_;
  auto world = World::start(inside);
  if (!world) return base::fail(world.error());
  cluster_ = std::move(*world);
  for (const std::string& url : aks::proxies_of(plan_.before)) serving_[url] = &before_;
  return serving_.empty() ? base::Result<void>{} : bring_up(before_);
}

base::Result<void> RehearsalStage::take(const aks::Step& step) {
  if (step.kind == StepKind::kProvideProxy) {
    Side& side = step.shows == aks::Shows::kKnown ? before_ : after_;
    for (const std::string& url : aks::proxies_of(plan_.after)) {
      const auto& in = plan_.changes.proxies_in;
      const bool is_new = in.empty() || std::find(in.begin(), in.end(), url) != in.end();
      if (is_new) serving_[url] = &side;
    }
    return bring_up(side);
  }
  if (step.kind == StepKind::kRetireProxy) {
    const auto& out = plan_.changes.proxies_out;
    for (const std::string& url : out.empty() ? aks::proxies_of(plan_.before) : out)
      serving_.erase(url);
    if (std::none_of(serving_.begin(), serving_.end(),
                     [this](const auto& each) { return each.second == &before_; }))
      before_.server.reset();
  }
  return {};
}

base::Result<std::vector<Fate>> RehearsalStage::ask(const Actor& actor) {
  auto trust = trust_of(actor);
  auto cluster_trust = believing({&cluster_->cluster_root()});
  if (!trust) return base::fail(trust.error());
  if (!cluster_trust) return base::fail(cluster_trust.error());
  ProbeContext context{loop_, *trust, {}, *cluster_trust};
  std::vector<Probe> probes;
  std::vector<Fate> fates;
  for (const std::string& host : hosts_) {
    Fate fate{actor.pool, std::string(describe(actor.kind)), host, "direct", Verdict::kFail, ""};
    probes.push_back(probe(actor.variables, host, context.overrides, fate.way));
    fates.push_back(std::move(fate));
  }
  const std::vector<ProbeResult> results = run_probes(context, probes, probes.size(), {});
  for (size_t i = 0; i < results.size(); ++i) {
    fates[i].verdict = results[i].verdict;
    const auto& proxy = results[i].probe.proxy;
    const bool nobody = proxy && proxy->authority.port == kNobody.port;
    fates[i].reason = nobody ? "no proxy is there: connection refused" : results[i].reason;
  }
  return fates;
}

std::vector<std::string> RehearsalStage::through_proxy() const {
  std::vector<std::string> names;
  for (const std::string& host : hosts_) {
    if (!is_in_cluster(host) && host != kRehearsedApiServer) names.push_back(host);
  }
  return names;
}

base::Result<void> RehearsalStage::bring_up(Side& side) {
  if (side.server != nullptr) return {};
  auto server = proxy::Server::start(simulated_proxy(*side.world, through_proxy(), ""), nobody_);
  if (!server) return base::fail(server.error());
  side.server = std::move(*server);
  return {};
}

// The roots that the actor's certificates stand for.
base::Result<std::shared_ptr<const tls::ClientContext>> RehearsalStage::trust_of(
    const Actor& actor) const {
  std::vector<const tls::Authority*> roots;
  for (const Side* side : {&before_, &after_}) {
    const auto& signers = side->signers.entries;
    const bool known = std::all_of(signers.begin(), signers.end(), [&](const auto& signer) {
      return actor.trusted.contains(signer.sha256);
    });
    if (known) roots.push_back(&side->world->public_root());
  }
  return believing(roots);
}

// Direct egress is open where clusters get along without a proxy before or after.
bool RehearsalStage::is_egress_open() const {
  return aks::proxies_of(plan_.before).empty() || aks::proxies_of(plan_.after).empty();
}

Probe RehearsalStage::probe(const aks::HttpProxyConfig& variables, const std::string& host,
                            std::map<std::string, base::Endpoint>& overrides, std::string& way) {
  aks::ClusterFacts facts = plan_.options.facts.cluster;
  facts.fqdn = kRehearsedApiServer;
  const std::string list = aks::join_no_proxy(aks::effective_no_proxy(variables.no_proxy, facts));
  const bool bypasses = aks::no_proxy::nodes_bypass(list, host);
  Probe out;
  out.name = host;
  out.host = host;
  out.port = kHttps;
  const std::string key = host + ":" + std::to_string(kHttps);
  const bool inside = host != kRehearsedRegistry;
  if (!variables.enabled || !variables.https_proxy || bypasses) {
    out.kind = ProbeKind::kDirectTls;
    out.route = Route::kDirect;
    out.trust = inside ? Trust::kClusterCa : Trust::kSystemAndTrustedCa;
    const base::Endpoint& open = is_egress_open() ? before_.world->public_tls() : kNobody;
    overrides[key] = inside ? cluster_->cluster_tls() : open;
    return out;
  }
  way = variables.https_proxy->to_string();
  out.kind = ProbeKind::kConnectTls;
  out.proxy = aks::ProxyUrl{aks::ProxyScheme::kHttp, {"127.0.0.1", kLoopback, kNobody.port}};
  overrides[key] = before_.world->public_tls();
  const auto serving = serving_.find(way);
  if (serving != serving_.end() && serving->second->server != nullptr) {
    out.proxy->authority.port = serving->second->server->listening().front().port;
    overrides[key] = serving->second->world->public_tls();
  }
  return out;
}

}  // namespace check
