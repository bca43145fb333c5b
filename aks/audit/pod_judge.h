// What is wrong with one pod's proxy variables, and who can mend it.
#pragma once

#include <compare>
#include <string>
#include <vector>

#include "aks/audit/expectation.h"
#include "aks/audit/pod_view.h"
#include "aks/finding.h"

namespace aks::audit {

// What makes it right.
enum class Remedy {
  kNone,      // nothing has to be done, or nothing can be
  kTemplate,  // people change the workload's own manifest
  kRecreate,  // the pod is created anew
};

struct PodIssue {
  Severity severity = Severity::kNote;
  std::string rule;       // stable name, e.g. "pod-stale"
  std::string container;  // "container app"; "" for the pod
  std::string message;    // a sentence without the pod's name; input in it is escaped
  Remedy remedy = Remedy::kNone;

  auto operator<=>(const PodIssue&) const = default;
};

// Linux gives a process no string of more than this (MAX_ARG_STRLEN, 32 pages): NAME, '=', the
// value and the NUL together.
inline constexpr std::size_t kMaxVariableOctets = 131'072;

// Empty for a pod that is as it should be, and for one that has ended. `before` is what pods had
// before an update, nullptr when nobody knows: it tells a stale value from one that a workload gave
// itself.
std::vector<PodIssue> judge_pod(const PodView& pod, const Expectation& expected,
                                const Expectation* before);

}  // namespace aks::audit
