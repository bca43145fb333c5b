// `sluice noproxy explain` and `sluice noproxy lint`.
#pragma once

#include "cli/command.h"

namespace cli {

// Adds the subcommand; running it leaves the process's exit code in `exit_code`.
void add_noproxy_command(Command app, int& exit_code);

}  // namespace cli
