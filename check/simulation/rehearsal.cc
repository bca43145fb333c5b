#include "check/simulation/rehearsal.h"

#include <algorithm>

#include "aks/no_proxy/nodes.h"
#include "aks/no_proxy_entry.h"
#include "check/simulation/rehearsal_orders.h"
#include "check/simulation/rehearsal_stage.h"
#include "check/simulation/rehearsed_cluster.h"

namespace check {
namespace {

using aks::StepKind;

constexpr const char* kService = "api.default.svc.cluster.local";
constexpr size_t kMaxHosts = 4;  // of those that the change of noProxy is about

// A registry, the API server, a service by its name, and hosts of entries that come or go.
std::vector<std::string> hosts_of(const aks::UpdatePlan& plan) {
  std::vector<std::string> hosts = {kRehearsedRegistry, kRehearsedApiServer};
  const auto add = [&hosts](const std::string& host) {
    if (std::find(hosts.begin(), hosts.end(), host) == hosts.end()) hosts.push_back(host);
  };
  const std::string list = aks::join_no_proxy(aks::effective_no_proxy(plan.before.no_proxy, {}));
  if (aks::no_proxy::nodes_bypass(list, kService)) add(kService);
  for (const auto* entries : {&plan.changes.no_proxy_out, &plan.changes.no_proxy_in}) {
    for (const std::string& text : *entries) {
      const aks::NoProxyEntry entry = aks::parse_no_proxy_entry(text);
      if (entry.port || hosts.size() >= kMaxHosts + 3) continue;
      if (entry.kind == aks::NoProxyKind::kName) add(entry.host);
      if (entry.kind == aks::NoProxyKind::kDomain) add("rehearsal." + entry.host);
    }
  }
  return hosts;
}

base::Result<Order> run(const aks::UpdatePlan& plan, const std::vector<std::string>& hosts,
                        std::string name, Order::Expected expected,
                        const std::vector<aks::Step>& steps) {
  Order order{std::move(name), expected, {}};
  RehearsalStage stage(plan, hosts);
  const auto built = stage.build();
  if (!built) return base::fail(built.error());
  RehearsedCluster cluster(plan.before, aks::pools_of(plan.options));
  const auto watch = [&](const std::string& what) -> base::Result<void> {
    Moment moment{what, {}};
    for (const Actor& actor : cluster.actors()) {
      auto fates = stage.ask(actor);
      if (!fates) return base::fail(fates.error());
      moment.fates.insert(moment.fates.end(), fates->begin(), fates->end());
    }
    order.moments.push_back(std::move(moment));
    return {};
  };
  auto watched = watch("Before the update.");
  for (const aks::Step& step : steps) {
    if (!watched) break;
    const auto taken = stage.take(step);
    if (!taken) return base::fail(taken.error());
    cluster.take(step);
    if (step.kind != StepKind::kVerify) watched = watch(step.what);
  }
  if (!watched) return base::fail(watched.error());
  return order;
}

}  // namespace

size_t Moment::failures() const {
  return static_cast<size_t>(std::count_if(
      fates.begin(), fates.end(), [](const Fate& fate) { return fate.verdict != Verdict::kPass; }));
}

size_t Order::failures() const {
  size_t all = 0;
  for (const Moment& moment : moments) all += moment.failures();
  return all;
}

bool Order::as_expected() const { return (failures() > 0) == (expected == Expected::kFailures); }

base::Result<Rehearsal> rehearse(const aks::UpdatePlan& plan) {
  Rehearsal rehearsal;
  rehearsal.notes.emplace_back(
      "Simulated proxies speak plain HTTP to their clients, whatever the scheme of the URL; an "
      "authority of trustedCa is the one that signs what the proxy shows.");
  if (plan.steps.empty()) return rehearsal;
  const std::vector<std::string> hosts = hosts_of(plan);
  auto planned = run(plan, hosts, "as planned", Order::Expected::kNoFailure, plan.steps);
  if (!planned) return base::fail(planned.error());
  rehearsal.orders.push_back(std::move(*planned));
  for (const WrongOrder& wrong : wrong_orders(plan)) {
    auto order = run(plan, hosts, wrong.name, Order::Expected::kFailures, wrong.steps);
    if (!order) return base::fail(order.error());
    rehearsal.orders.push_back(std::move(*order));
  }
  return rehearsal;
}

bool succeeded(const Rehearsal& rehearsal) {
  return std::all_of(rehearsal.orders.begin(), rehearsal.orders.end(),
                     [](const Order& order) { return order.as_expected(); });
}

}  // namespace check
