#include "aks/audit/pod_report.h"

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>

#include "aks/excerpt.h"
#include "base/ascii.h"
#include "base/escape.h"

namespace aks::audit {
namespace {

using json = nlohmann::ordered_json;

constexpr size_t kColumns = 5;
using Row = std::array<std::string, kColumns>;

std::string counted(size_t count, const std::string& word) {
  return std::to_string(count) + " " + word + (count == 1 ? "" : "s");
}

// "in 3 of 5 pods", or the one pod's name.
std::string where(const WorkloadResult& result, const std::vector<std::string>& pods) {
  if (pods.size() == result.pods.size()) return pods.size() == 1 ? "" : " (all pods)";
  if (pods.size() == 1) return " (pod " + base::printable(pods.front()) + ")";
  return " (" + std::to_string(pods.size()) + " of " + counted(result.pods.size(), "pod") + ")";
}

std::string rules_of(const WorkloadResult& result) {
  std::string out;
  std::vector<std::string> seen;
  for (const WorkloadIssue& each : result.issues) {
    const std::string rule = each.issue.rule.substr(std::string_view("pod-").size());
    if (std::find(seen.begin(), seen.end(), rule) != seen.end()) continue;
    seen.push_back(rule);
    out += (out.empty() ? "" : ", ") + rule;
  }
  return out;
}

std::string todo(const WorkloadResult& result) {
  switch (result.remedy()) {
    case Remedy::kNone: return result.worst() == Severity::kNote ? "-" : "look";
    case Remedy::kTemplate: return "change manifest";
    case Remedy::kRecreate: return "recreate";
  }
  return "-";
}

std::string table(const PodAudit& audit) {
  std::vector<Row> rows = {{"NAMESPACE", "WORKLOAD", "PODS", "TO DO", "WHY"}};
  for (const WorkloadResult& each : audit.workloads) {
    rows.push_back({base::printable(each.workload.name_space),
                    base::printable(base::lower(each.workload.kind) + "/" + each.workload.name),
                    std::to_string(each.pods.size()), todo(each), rules_of(each)});
  }
  std::array<size_t, kColumns> widths{};
  for (const Row& row : rows) {
    for (size_t i = 0; i < kColumns; ++i) widths[i] = std::max(widths[i], row[i].size());
  }
  std::string out;
  for (const Row& row : rows) {
    for (size_t i = 0; i + 1 < kColumns; ++i) {
      out += row[i] + std::string(widths[i] - row[i].size() + 2, ' ');
    }
    out += row.back() + "\n";
  }
  return out;
}

std::string shown(const std::string& value) {
  return value.empty() ? "none" : base::printable(without_secrets(value), base::Spaces::kKeep, 200);
}

std::string expectation_text(const Expectation& expected) {
  if (!expected.has_proxy()) return "Expected: no proxy variables, the cluster has no proxy\n";
  const bool live = expected.source == Source::kLive;
  return "Expected: HTTP_PROXY " + shown(expected.values.http_proxy) + ", HTTPS_PROXY " +
         shown(expected.values.https_proxy) + ", NO_PROXY " +
         (live ? "as AKS computed it (effectiveNoProxy)"
               : "as computed from the configuration and the facts") +
         "\n";
}

std::string counts(const PodAudit& audit) {
  std::string out = counted(audit.judged, "pod") + " judged, " + std::to_string(audit.finished) +
                    " finished, " + std::to_string(audit.opted_out) + " opted out";
  if (audit.trusting + audit.trust_unknown > 0) {
    out += "\nThe proxy's CA: " + counted(audit.trusting, "container") +
           " with a variable or a volume for it, " + std::to_string(audit.trust_unknown) +
           " without, which may have it in their image";
  }
  return out + "\n";
}

json issue_json(const WorkloadIssue& each) {
  return {{"severity", token_of(each.issue.severity)},
          {"rule", each.issue.rule},
          {"container", each.issue.container.empty() ? json() : json(each.issue.container)},
          {"message", each.issue.message},
          {"remedy", token_of(each.issue.remedy)},
          {"pods", each.pods}};
}

}  // namespace

std::string_view token_of(Remedy remedy) {
  switch (remedy) {
    case Remedy::kNone: return "nothing";
    case Remedy::kTemplate: return "template";
    case Remedy::kRecreate: return "recreate";
  }
  return "nothing";
}

std::string recreate_commands(const PodAudit& audit) {
  std::string out;
  for (const WorkloadResult& each : audit.workloads) {
    const std::vector<std::string> pods = each.to_recreate();
    if (!pods.empty()) out += recreate_command(each.workload, pods) + "\n";
  }
  return out;
}

std::string pod_report(const PodAudit& audit, const Expectation& expected) {
  std::string out = expectation_text(expected) + counts(audit);
  if (audit.workloads.empty()) return out + "Every pod has what it should have.\n";
  out += "\n" + table(audit);
  for (const WorkloadResult& result : audit.workloads) {
    out += "\n" + to_string(result.workload) + "\n";
    for (const WorkloadIssue& each : result.issues) {
      const std::string who = each.issue.container.empty() ? "" : each.issue.container + ": ";
      out += "  " + std::string(token_of(each.issue.severity)) + ": " + who + each.issue.message +
             where(result, each.pods) + " [" + each.issue.rule + "]\n";
    }
  }
  const std::string commands = recreate_commands(audit);
  return commands.empty() ? out : out + "\nTo create anew\n" + commands;
}

std::string pod_report_json(const PodAudit& audit, const Expectation& expected) {
  const auto known = [](const std::string& text) {
    return text.empty() ? json() : json(without_secrets(text));
  };
  json out = {{"passes", audit.passes()},
              {"expected",
               {{"http_proxy", known(expected.values.http_proxy)},
                {"https_proxy", known(expected.values.https_proxy)},
                {"no_proxy", known(expected.values.no_proxy)},
                {"no_proxy_source", expected.source == Source::kLive ? "live" : "computed"}}},
              {"pods", audit.pods},
              {"judged", audit.judged},
              {"finished", audit.finished},
              {"opted_out", audit.opted_out},
              {"trust", {{"told", audit.trusting}, {"unknown", audit.trust_unknown}}},
              {"workloads", json::array()}};
  for (const WorkloadResult& result : audit.workloads) {
    const std::vector<std::string> recreate = result.to_recreate();
    json issues = json::array();
    for (const WorkloadIssue& each : result.issues) issues.push_back(issue_json(each));
    out["workloads"].push_back(
        {{"namespace", result.workload.name_space},
         {"kind", result.workload.kind},
         {"name", result.workload.name},
         {"pods", result.pods},
         {"remedy", token_of(result.remedy())},
         {"recreate", recreate},
         {"command", recreate.empty() ? json() : json(recreate_command(result.workload, recreate))},
         {"issues", std::move(issues)}});
  }
  return out.dump(2, ' ', false, json::error_handler_t::replace) + "\n";
}

}  // namespace aks::audit
