// What is to be known about an update before its first step.
#pragma once

#include <vector>

#include "aks/update_plan.h"

namespace aks {

// Appends, for a plan whose changes are filled in: what the edition's service refuses, the order of
// proxies, what the authorities have in common, and destinations that lose their bypass.
void lint_update(UpdatePlan& plan);

}  // namespace aks
