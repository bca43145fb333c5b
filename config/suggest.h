// "Did you mean": the nearest known name to a mistyped one.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace config {

// How many letters must be inserted, removed, replaced or swapped with their neighbour to turn one
// text into the other (optimal string alignment). Takes |a|·|b| steps.
std::size_t edit_distance(std::string_view a, std::string_view b);

// The candidate that `name` was most likely meant to be, judged by the whole path and by its last
// part ("idle" finds "timeouts.idle"); empty when nothing is near.
std::string nearest(std::string_view name, const std::vector<std::string>& candidates);

}  // namespace config
