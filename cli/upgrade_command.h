// `sluice upgrade`: replaces a running proxy's program, and says how that went.
#pragma once

#include "cli/command.h"

namespace cli {

void add_upgrade_command(Command app, int& exit_code);

}  // namespace cli
