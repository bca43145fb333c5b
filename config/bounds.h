// Pairs of keys of which one binds the other.
#pragma once

#include <string>
#include <vector>

#include "config/problem.h"
#include "config/schema.h"

namespace config {

// Makes every bounded value at most its bound, as the rest of the program relies on (min_ttl ≤
// max_ttl and so on). A value at its default is lowered, so that lowering a bound needs one key;
// one that somebody set above its bound is reported. A profile makes the default action deny in the
// same way. `file` as in check().
std::vector<Problem> settle_bounds(Config& config, const Sources& sources, const std::string& file);

}  // namespace config
