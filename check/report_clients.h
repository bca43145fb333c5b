// The part of each report that tells what real clients did. Empty where no clients were run.
#pragma once

#include <string>

#include "check/report_data.h"
#include "check/report_table.h"

namespace check {

// For each client one line with counts, and below it the routes that are not as they should be.
std::string clients_table(const Report& report, size_t width, Colour colour);

// A suite for each client, a case for each destination.
std::string clients_junit(const Report& report);

// A section with a table for each client.
std::string clients_html(const Report& report);

// The worst of a client's verdicts; kSkip for one that was not run.
Verdict overall(const ClientRun& run);

// "112 routes: 36 by the proxy, 4 direct, as predicted", or why the client was not run.
std::string summary(const ClientRun& run);

}  // namespace check
