// The report for build servers.
#pragma once

#include <string>

#include "check/report_data.h"

namespace check {

// JUnit XML: one suite for each route, one case for each probe. A warning is a passed case whose
// reason stands in its output. Well-formed XML 1.0 in UTF-8, ending in a newline.
std::string format_junit(const Report& report);

}  // namespace check
