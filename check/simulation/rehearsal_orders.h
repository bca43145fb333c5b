// Wrong orders of an update: what happens when the plan is not followed.
#pragma once

#include <string>
#include <vector>

#include "aks/update_plan.h"

namespace check {

struct WrongOrder {
  std::string name;
  std::vector<aks::Step> steps;
};

// One for each mistake that this change allows, at least one if any proxy is in use before: the new
// proxy comes late, the certificates of both are not rolled out first, the old proxy goes first.
std::vector<WrongOrder> wrong_orders(const aks::UpdatePlan& plan);

}  // namespace check
