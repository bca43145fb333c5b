#include "aks/audit/pod_audit.h"

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>
#include <set>

#include "aks/audit/json_items.h"
#include "base/ascii.h"

namespace aks::audit {
namespace {

using nlohmann::json;

constexpr const char* kCommand = "`kubectl get pods -A -o json`";

base::Failure refuse(const std::string& what) {
  return base::fail(base::ErrorCode::kBadRequest, base::Party::kClient,
                    what + "; give the output of " + kCommand);
}

std::string kind_of(const json& object) {
  const auto kind = object.find("kind");
  return kind != object.end() && kind->is_string() ? kind->get<std::string>() : std::string();
}

// Why a text that is no JSON at all is there instead.
base::Failure explain_other(std::string_view text, const std::string& problem) {
  const size_t start = text.find_first_not_of(" \t\r\n");
  if (start == std::string_view::npos) return refuse("the list of pods is empty text");
  text.remove_prefix(start);
  if (text.starts_with("NAME")) return refuse("this is kubectl's table for people");
  if (text.starts_with("apiVersion:") || text.starts_with("---")) return refuse("this is YAML");
  if (text.starts_with("\xff\xfe") || text.starts_with("\xfe\xff")) {
    return refuse("this is UTF-16, as PowerShell's > writes it: convert it to UTF-8");
  }
  return refuse("the list of pods can't be read: " + problem);
}

class Auditor {
 public:
  Auditor(const Expectation& expected, const Expectation* before)
      : expected_(expected), before_(before) {}

  void see(const json& object) {
    if (!object.is_object()) return;
    const std::string kind = kind_of(object);
    if (!kind.empty() && kind != "Pod") {
      ++others_[kind];
      return owners_.learn(object);
    }
    if (auto pod = view_pod(object)) judge(std::move(*pod));
  }

  // Pods come before the ReplicaSets that tell about them, so workloads are found at the end.
  PodAudit finish() {
    struct Gathered {
      std::vector<std::string> pods;
      std::map<PodIssue, std::vector<std::string>> issues;
    };
    std::map<Workload, Gathered> all;
    for (Judged& each : judged_) {
      Gathered& gathered = all[owners_.workload_of(each.pod)];
      gathered.pods.push_back(each.pod.name);
      for (PodIssue& issue : each.issues) {
        gathered.issues[std::move(issue)].push_back(each.pod.name);
      }
    }
    for (auto& [workload, gathered] : all) {
      if (gathered.issues.empty()) continue;
      WorkloadResult result{workload, std::move(gathered.pods), {}};
      for (auto& [issue, pods] : gathered.issues) {
        result.issues.push_back({issue, std::move(pods)});
      }
      std::stable_sort(
          result.issues.begin(), result.issues.end(),
          [](const auto& a, const auto& b) { return a.issue.severity > b.issue.severity; });
      audit_.workloads.push_back(std::move(result));
    }
    return std::move(audit_);
  }

  std::size_t pods() const { return audit_.pods; }

  // "12 Deployment, 3 Service"
  std::string others() const {
    std::string out;
    for (const auto& [kind, count] : others_) {
      out += (out.empty() ? "" : ", ") + std::to_string(count) + " " + cite(kind);
    }
    return out;
  }

 private:
  struct Judged {
    PodView pod;
    std::vector<PodIssue> issues;
  };

  void judge(PodView pod) {
    ++audit_.pods;
    if (pod.is_finished) {
      ++audit_.finished;
      return;
    }
    ++audit_.judged;
    if (pod.opt_out == "true") ++audit_.opted_out;
    if (!expected_.values.trusted_ca.empty()) {
      for (const ContainerView& container : pod.containers) {
        ++(container.trust.empty() ? audit_.trust_unknown : audit_.trusting);
      }
    }
    std::vector<PodIssue> issues = judge_pod(pod, expected_, before_);
    pod.containers.clear();  // judged; long lists of values are not kept
    judged_.push_back({std::move(pod), std::move(issues)});
  }

  const Expectation& expected_;
  const Expectation* before_;
  Owners owners_;
  std::vector<Judged> judged_;
  std::map<std::string, std::size_t> others_;
  PodAudit audit_;
};

}  // namespace

std::vector<std::string> WorkloadResult::to_recreate() const {
  std::set<std::string> names;
  for (const WorkloadIssue& each : issues) {
    if (each.issue.remedy == Remedy::kRecreate) names.insert(each.pods.begin(), each.pods.end());
  }
  return {names.begin(), names.end()};
}

Severity WorkloadResult::worst() const {
  Severity worst = Severity::kNote;
  for (const WorkloadIssue& each : issues) worst = std::max(worst, each.issue.severity);
  return worst;
}

Remedy WorkloadResult::remedy() const {
  Remedy remedy = Remedy::kNone;
  for (const WorkloadIssue& each : issues) remedy = std::max(remedy, each.issue.remedy);
  return remedy;
}

bool PodAudit::passes() const {
  return std::all_of(workloads.begin(), workloads.end(),
                     [](const WorkloadResult& each) { return each.worst() == Severity::kNote; });
}

base::Result<PodAudit> audit_pods(std::string_view text, const Expectation& expected,
                                  const Expectation* before) {
  if (text.size() > kMaxPodsBytes) {
    return base::fail(base::ErrorCode::kBadRequest, base::Party::kClient,
                      "the list of pods is larger than 512 MiB; give it namespace by namespace: "
                      "`kubectl get pods -n NAMESPACE -o json`");
  }
  if (text.starts_with("\xef\xbb\xbf")) text.remove_prefix(3);
  Auditor auditor(expected, before);
  const auto rest = read_items(text, [&auditor](const json& object) { auditor.see(object); });
  if (!rest) return explain_other(text, rest.error().detail);
  const std::string kind = kind_of(*rest);
  if (kind == "Pod") auditor.see(*rest);
  if (kind != "Pod" && kind != "List" && kind != "PodList") {
    return refuse(kind.empty() ? "the JSON is no Kubernetes object"
                               : "the document is of kind " + cite(kind) + ", no list of pods");
  }
  if (auditor.pods() == 0) {
    const std::string others = auditor.others();
    return refuse("the list has no pods" + (others.empty() ? "" : ", but " + others));
  }
  return auditor.finish();
}

}  // namespace aks::audit
