// A cluster in the middle of an update, as a value: which node has which files, which pod has which
// variables. No sockets.
#pragma once

#include <string>
#include <vector>

#include "aks/update_plan.h"

namespace check {

enum class ActorKind {
  kNode,        // kubelet and containerd: what the node's files say
  kEvictedPod,  // of a Deployment: created anew when its node is reimaged
  kLastingPod,  // of a DaemonSet: keeps its variables until somebody creates it anew
  kNewestPod,   // created just after the last change, on a node as it is
};

// Something that sends requests. Pods trust what their node trusts, as those do that mount its
// store.
struct Actor {
  std::string pool;
  ActorKind kind = ActorKind::kNode;
  aks::HttpProxyConfig variables;
  aks::CertificateSet trusted;
};

// "node", "pod", "DaemonSet pod", "newest pod".
std::string_view describe(ActorKind kind);

class RehearsedCluster {
 public:
  RehearsedCluster(const aks::HttpProxyConfig& config, const std::vector<std::string>& pools);

  // What the step does to the cluster; nothing for steps that are about proxies.
  void take(const aks::Step& step);

  const std::vector<Actor>& actors() const { return actors_; }

 private:
  aks::HttpProxyConfig config_;
  std::string staged_pem_;  // what reimaged nodes believe besides: custom CA trust
  std::vector<Actor> actors_;
};

}  // namespace check
