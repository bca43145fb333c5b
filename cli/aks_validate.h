#pragma once

#include "cli/command.h"

namespace cli {

// Adds `sluice aks validate`; it sets `exit_code`, which outlives the parsing.
void add_aks_validate(Command aks, int& exit_code);

}  // namespace cli
