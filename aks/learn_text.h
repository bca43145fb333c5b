// A LearnReport for people, for machines, and as the policy it stands for.
#pragma once

#include <string>

#include "aks/learn_report.h"

namespace aks {

// A table, one class after the other, and what to do next.
std::string format_learn_table(const LearnReport& report);

// {"profile", "dropped", "destinations": […]}
std::string format_learn_json(const LearnReport& report);

// Whether what the catalogue does not know is allowed, or left as comments to be looked at.
enum class Unknown { kComment, kAllow };

// A sluice.yaml that allows what was learned and denies the rest: one rule for each class or add-on
// and port. What needs a review stands in it as comments that become rules when uncommented;
// addresses and misroutes are named and never become rules.
std::string format_learn_policy(const LearnReport& report, Unknown unknown);

}  // namespace aks
