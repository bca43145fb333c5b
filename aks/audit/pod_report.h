// The audit of pods for people, programs and shells.
#pragma once

#include <string>

#include "aks/audit/pod_audit.h"

namespace aks::audit {

// What was expected, a table of workloads, what is wrong with each, and the commands.
std::string pod_report(const PodAudit& audit, const Expectation& expected);

// {"passes", "expected", "pods", "judged", "finished", "opted_out", "trust", "workloads":
// [{"namespace", "kind", "name", "pods", "remedy", "recreate", "command", "issues"}]}.
std::string pod_report_json(const PodAudit& audit, const Expectation& expected);

// The commands alone, one a line, those that can't be given as comments: input for a shell.
std::string recreate_commands(const PodAudit& audit);

// "nothing", "template", "recreate".
std::string_view token_of(Remedy remedy);

}  // namespace aks::audit
