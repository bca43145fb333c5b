// `sluice aks audit`: what runs in a cluster, held against its configuration.
#pragma once

#include "cli/command.h"

namespace cli {

void add_aks_audit(Command aks, int& exit_code);

}  // namespace cli
