#pragma once

#include "cli/command.h"

namespace cli {

// Adds `sluice aks webhook`; it sets `exit_code`, which outlives the parsing.
void add_aks_webhook(Command aks, int& exit_code);

}  // namespace cli
