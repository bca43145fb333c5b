#include "check/simulation/rehearsal_orders.h"

#include <algorithm>

namespace check {
namespace {

using aks::Step;
using aks::StepKind;

Step named(StepKind kind, std::string what) {
  return {kind, std::move(what), {}, "", std::nullopt};
}

void change_at_once(const aks::UpdatePlan& plan, std::vector<Step>& steps) {
  steps.push_back({StepKind::kApply, "Send the new configuration at once.", {}, "", plan.after});
  for (const std::string& pool : aks::pools_of(plan.options))
    steps.push_back(
        {StepKind::kReimage, "Node pool " + pool + " changes.", {}, pool, std::nullopt});
}

}  // namespace

std::vector<WrongOrder> wrong_orders(const aks::UpdatePlan& plan) {
  std::vector<WrongOrder> orders;
  const aks::Changes& changes = plan.changes;
  if (!changes.proxies_in.empty()) {
    WrongOrder late{"the new proxy comes after the update", {}};
    change_at_once(plan, late.steps);
    late.steps.push_back(named(StepKind::kProvideProxy, "Have the new proxy at work."));
    orders.push_back(std::move(late));
  }
  const bool in_use = !aks::proxies_of(plan.before).empty();
  if (!changes.ca_in.entries.empty() && !aks::proxies_of(plan.after).empty()) {
    WrongOrder once{"one step, without the certificates of both first", {}};
    once.steps.push_back(
        named(StepKind::kProvideProxy, "Have the new proxy, or its certificates."));
    change_at_once(plan, once.steps);
    orders.push_back(std::move(once));
  }
  if (in_use && orders.empty()) {
    // Retiring names the proxies that go; here it is all that are in use.
    WrongOrder early{"the old proxy goes first", {}};
    early.steps.push_back(named(StepKind::kRetireProxy, "Retire the proxy that is in use."));
    orders.push_back(std::move(early));
  }
  return orders;
}

}  // namespace check
