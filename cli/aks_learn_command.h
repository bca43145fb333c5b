// `sluice aks learn`: an allow-list from what `sluice run --learn` recorded.
#pragma once

#include "cli/command.h"

namespace cli {

// `exit_code` outlives the parsing: 0, or 2 for wrong usage or a file of another kind, or 3 for a
// file that can't be read.
void add_aks_learn(Command aks, int& exit_code);

}  // namespace cli
