// `sluice aks`: what an httpProxyConfig, and a proxy's traffic, mean to an AKS cluster. One file a
// subcommand.
#pragma once

#include "cli/command.h"

namespace cli {

// Adds `sluice aks …`; its subcommands set `exit_code`, which outlives the parsing.
void add_aks_command(Command app, int& exit_code);

}  // namespace cli
