// An update plan for people and for machines.
#pragma once

#include <string>

#include "aks/update_plan.h"

namespace aks {

std::string format_plan(const UpdatePlan& plan);

// {"edition", "changed", "proxies": {"in", "out"}, "no_proxy": {…}, "trusted_ca": {…}, "findings",
// "steps": [{"kind", "what", "notes", "pool", "config"}]}. Certificates are their fingerprints.
std::string plan_json(const UpdatePlan& plan);

}  // namespace aks
