// A rehearsal for people and for machines.
#pragma once

#include <string>

#include "check/simulation/rehearsal.h"

namespace check {

// Moment by moment, requests with the same fate in one line.
std::string format_rehearsal(const Rehearsal& rehearsal);

// {"succeeded", "notes", "orders": [{"name", "expected", "as_expected", "moments": [{"step",
// "fates":
// [{"pool", "actor", "destination", "way", "verdict", "reason"}]}]}]}: every request's fate.
std::string rehearsal_json(const Rehearsal& rehearsal);

}  // namespace check
