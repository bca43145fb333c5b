#pragma once

#include <string>

#include "cli/command.h"

namespace cli {

// Adds `sluice aks render node`; it sets `exit_code`, which outlives the parsing.
void add_aks_render_node(Command render, int& exit_code);

}  // namespace cli
