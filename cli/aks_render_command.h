#pragma once

#include "cli/command.h"

namespace cli {

// Adds `sluice aks render FORM`; it sets `exit_code`, which outlives the parsing.
void add_aks_render(Command aks, int& exit_code);

}  // namespace cli
