#include "aks/update_undo.h"

namespace aks {
namespace {

constexpr const char* kUpdate = "az aks update --name NAME --resource-group GROUP ";

// Back from `config`, of which the cluster had `last` before.
std::string undo_update(const HttpProxyConfig& last, const HttpProxyConfig& config) {
  if (last.enabled && !config.enabled) return std::string(kUpdate) + "--enable-http-proxy";
  if (!last.enabled && config.enabled) return std::string(kUpdate) + "--disable-http-proxy";
  return std::string(kUpdate) + "--http-proxy-config with the file of before";
}

std::string undo_of(const UpdatePlan& plan, const Step& step, const HttpProxyConfig& last) {
  switch (step.kind) {
    case StepKind::kStageTrust:
      return std::string(kUpdate) +
             "--custom-ca-trust-certificates with the list of before; to keep the new "
             "certificates does no harm while nobody shows any of that authority";
    case StepKind::kProvideProxy:
      if (plan.changes.proxies_in.empty() || step.shows_late) {
        return "let the proxy show the certificates of before; nodes still believe them";
      }
      return "stop it; nobody uses it yet";
    case StepKind::kApply:
      return undo_update(last, *step.config) + (plan.options.edition == Edition::kToday
                                                    ? "; it reimages all node pools again"
                                                    : "; nodes that changed need another upgrade");
    case StepKind::kReimage: return "that of the update before it; a node has no way back alone";
    case StepKind::kRecreatePods: return "that of the update, and then create them anew again";
    case StepKind::kRetireProxy: return "start it again, before anything else";
    case StepKind::kVerify: return "";
  }
  return "";
}

}  // namespace

void plan_the_way_back(UpdatePlan& plan) {
  HttpProxyConfig last = plan.before;
  for (Step& step : plan.steps) {
    step.undo = undo_of(plan, step, last);
    if (step.config) last = *step.config;
  }
}

}  // namespace aks
