// All pods of a cluster held against its proxy's configuration.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "aks/audit/pod_judge.h"
#include "aks/audit/workload.h"
#include "base/result.h"

namespace aks::audit {

// Larger input is refused: some fifty thousand pods.
inline constexpr std::size_t kMaxPodsBytes = std::size_t{512} * 1024 * 1024;

struct WorkloadIssue {
  PodIssue issue;
  std::vector<std::string> pods;  // names of those that have it
};

struct WorkloadResult {
  Workload workload;
  std::vector<std::string> pods;  // that were judged, with and without issues
  std::vector<WorkloadIssue> issues;

  // Those to create anew, each once; the strongest severity; what has to be done.
  std::vector<std::string> to_recreate() const;
  Severity worst() const;
  Remedy remedy() const;
};

struct PodAudit {
  std::vector<WorkloadResult> workloads;  // with issues, by namespace, kind and name
  std::size_t pods = 0;                   // in the input
  std::size_t judged = 0;
  std::size_t finished = 0;
  std::size_t opted_out = 0;
  // Containers of judged pods, where the cluster has a trustedCa: with a sign that they trust more
  // than their image does, and without, which leaves it open.
  std::size_t trusting = 0;
  std::size_t trust_unknown = 0;

  bool passes() const;  // nothing is worse than a note
};

// `text` is what `kubectl get pods -o json` prints: a List, a PodList or one Pod; objects of other
// kinds in a List tell to whom pods belong. Fails (client, kBadRequest) for anything else, with the
// command that gives the right thing.
base::Result<PodAudit> audit_pods(std::string_view text, const Expectation& expected,
                                  const Expectation* before);

}  // namespace aks::audit
