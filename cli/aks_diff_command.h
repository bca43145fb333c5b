// `sluice aks diff`: a configuration and the cluster that should have it.
#pragma once

#include "cli/command.h"

namespace cli {

void add_aks_diff(Command aks, int& exit_code);

}  // namespace cli
