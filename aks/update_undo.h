// The way back from each step of an update.
#pragma once

#include "aks/update_plan.h"

namespace aks {

// Fills in `undo` of the plan's steps.
void plan_the_way_back(UpdatePlan& plan);

}  // namespace aks
