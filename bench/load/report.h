// A report as one line of JSON.
#pragma once

#include <string>

#include "load/options.h"
#include "load/scenario.h"

namespace load {

std::string to_json(const Report& report, const Options& options);

}  // namespace load
