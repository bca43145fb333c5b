#include "check/simulation/rehearsed_cluster.h"

namespace check {

using aks::StepKind;

std::string_view describe(ActorKind kind) {
  switch (kind) {
    case ActorKind::kNode: return "node";
    case ActorKind::kEvictedPod: return "pod";
    case ActorKind::kLastingPod: return "DaemonSet pod";
    case ActorKind::kNewestPod: return "newest pod";
  }
  return "";
}

RehearsedCluster::RehearsedCluster(const aks::HttpProxyConfig& config,
                                   const std::vector<std::string>& pools)
    : config_(config) {
  const aks::CertificateSet trusted = aks::certificates_of(config.trusted_ca_pem);
  for (const std::string& pool : pools) {
    for (const ActorKind kind : {ActorKind::kNode, ActorKind::kEvictedPod, ActorKind::kLastingPod,
                                 ActorKind::kNewestPod}) {
      actors_.push_back({pool, kind, config, trusted});
    }
  }
}

void RehearsedCluster::take(const aks::Step& step) {
  if (step.kind == StepKind::kApply && step.config) config_ = *step.config;
  if (step.kind == StepKind::kStageTrust) staged_pem_ = step.staged_pem;
  for (Actor& actor : actors_) {
    const bool reimaged = step.kind == StepKind::kReimage && actor.pool == step.pool;
    if (reimaged) actor.trusted = aks::certificates_of(config_.trusted_ca_pem + staged_pem_);
    bool renewed = false;
    switch (actor.kind) {
      case ActorKind::kNode: renewed = reimaged; break;
      case ActorKind::kEvictedPod:
        renewed = reimaged || step.kind == StepKind::kRecreatePods;
        break;
      case ActorKind::kLastingPod: renewed = step.kind == StepKind::kRecreatePods; break;
      case ActorKind::kNewestPod: renewed = true; break;
    }
    if (renewed) actor.variables = config_;
  }
}

}  // namespace check
