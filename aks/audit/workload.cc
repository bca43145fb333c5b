#include "aks/audit/workload.h"

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>

#include "aks/finding.h"
#include "base/ascii.h"
#include "base/escape.h"

namespace aks::audit {
namespace {

// Letters, digits, '-' and '.', as names of Kubernetes objects are (RFC 1123): safe in a shell.
bool is_plain(std::string_view name) {
  return !name.empty() && name.front() != '-' && std::all_of(name.begin(), name.end(), [](char c) {
    return base::is_alpha(c) || base::is_digit(c) || c == '-' || c == '.';
  });
}

bool can_roll(const std::string& kind) {
  constexpr std::array<std::string_view, 3> kKinds = {"Deployment", "DaemonSet", "StatefulSet"};
  return std::find(kKinds.begin(), kKinds.end(), kind) != kKinds.end();
}

}  // namespace

std::string to_string(const Workload& workload) {
  return base::printable(workload.name_space + "/" + base::lower(workload.kind) + "/" +
                         workload.name);
}

void Owners::learn(const nlohmann::json& object) {
  const auto kind = object.find("kind");
  if (kind == object.end() || !kind->is_string()) return;
  OwnerView controller = controller_of(object);
  if (controller.kind.empty()) return;
  controllers_[{namespace_of(object), kind->get<std::string>(), name_of(object)}] =
      std::move(controller);
}

Workload Owners::workload_of(const PodView& pod) const {
  if (pod.owner.kind.empty()) return {pod.name_space, "Pod", pod.name};
  Workload owner{pod.name_space, pod.owner.kind, pod.owner.name};
  const auto found = controllers_.find(owner);
  if (found != controllers_.end()) {
    return {pod.name_space, found->second.kind, found->second.name};
  }
  const std::string ending = "-" + pod.template_hash;
  if (owner.kind == "ReplicaSet" && ending.size() > 1 && owner.name.size() > ending.size() &&
      owner.name.ends_with(ending)) {
    owner.kind = "Deployment";
    owner.name.resize(owner.name.size() - ending.size());
  }
  return owner;
}

std::string recreate_command(const Workload& workload, const std::vector<std::string>& pods) {
  const std::string what = to_string(workload);
  const bool plain = is_plain(workload.name_space) && is_plain(workload.name) &&
                     std::all_of(pods.begin(), pods.end(), is_plain);
  if (!plain) return "# " + what + ": no name of Kubernetes, look at it yourself";
  const std::string in = " -n " + workload.name_space;
  if (can_roll(workload.kind)) {
    return "kubectl rollout restart " + base::lower(workload.kind) + "/" + workload.name + in;
  }
  if (workload.kind == "Pod") {
    return "# " + what + ": nobody makes it again; keep its manifest, delete it and create it";
  }
  if (workload.kind == "Job") {
    return "# " + what +
           ": its next run has today's values; a running one keeps its own until it "
           "is deleted and created again";
  }
  std::string command = "kubectl delete pod" + in;
  for (const std::string& pod : pods) command += " " + pod;
  return command;
}

}  // namespace aks::audit
