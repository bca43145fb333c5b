// Differences between a configuration and a live cluster, for people and programs.
#pragma once

#include <string>

#include "aks/diff.h"

namespace aks {

std::string diff_report(const Diff& diff);

// {"same", "fields": [{"field", "desired", "live", "nodes", "pods", "steps"}], "has_live_list",
// "entries": [{"entry", "desired", "computed", "live", "why", "difference"}], "plan": as
// plan_json}.
std::string diff_json(const Diff& diff);

}  // namespace aks
