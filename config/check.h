// What can only be judged when every key is known.
#pragma once

#include <string>
#include <vector>

#include "config/problem.h"
#include "config/schema.h"

namespace config {

// Problems between keys of a complete configuration: rules that can't match, names and listeners
// given twice, an admin listener open to others without a token.
// `file` names problems of values that nobody set.
std::vector<Problem> check(const Config& config, const Sources& sources, const std::string& file);

}  // namespace config
