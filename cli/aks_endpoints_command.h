#pragma once

#include "cli/command.h"

namespace cli {

// Adds `sluice aks endpoints`; it sets `exit_code`, which outlives the parsing.
void add_aks_endpoints(Command aks, int& exit_code);

}  // namespace cli
