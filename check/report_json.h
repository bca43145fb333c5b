// The report for machines.
#pragma once

#include <string>

#include "check/report_data.h"

namespace check {

// One JSON object, indented, plain ASCII, ending in a newline; docs/check.md lists the members.
// Octets that are no UTF-8 become U+FFFD. Durations are in milliseconds, times in RFC 3339.
std::string format_json(const Report& report);

}  // namespace check
