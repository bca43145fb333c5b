// A report as one line of JSON.
#pragma once

#include <string>

#include "bench/load/options.h"
#include "bench/load/scenario.h"

namespace load {

std::string to_json(const Report& report, const Options& options);

}  // namespace load
