// What is to be known about an update before its first step.
#pragma once

#include <vector>

#include "aks/update_plan.h"

namespace aks {

// Appends, for a plan whose changes are filled in: what the edition's service refuses, the order of
// proxies, what the authorities have in common, and destinations that lose their bypass.
void lint_update(UpdatePlan& plan);

// Whether a first proxy comes with an authority that no node knows.
bool needs_staging(const UpdatePlan& plan);
// Whether custom CA trust is to bring it before: where people want that and it takes so many.
bool is_staged(const UpdatePlan& plan);

}  // namespace aks
