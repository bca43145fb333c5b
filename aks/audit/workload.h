// To whom a pod belongs, and the command that has it created anew.
#pragma once

#include <compare>
#include <map>
#include <string>
#include <vector>

#include "aks/audit/pod_view.h"

namespace aks::audit {

struct Workload {
  std::string name_space;
  std::string kind;  // "Deployment", "DaemonSet", …; "Pod" for one without controller
  std::string name;

  auto operator<=>(const Workload&) const = default;
};

// "default/deployment/web", escaped.
std::string to_string(const Workload& workload);

// Finds workloads. A ReplicaSet's own controller is known from the ReplicaSet, where the input has
// it (`kubectl get pods,replicasets`), and else from the label that Deployments put on their pods.
class Owners {
 public:
  // Remembers the controller of an object that is no pod.
  void learn(const nlohmann::json& object);
  Workload workload_of(const PodView& pod) const;

 private:
  std::map<Workload, OwnerView> controllers_;
};

// How to have the pods created anew: a command for a shell, or a comment ("# …") where none does
// it. Names that are none of Kubernetes get no command.
std::string recreate_command(const Workload& workload, const std::vector<std::string>& pods);

}  // namespace aks::audit
