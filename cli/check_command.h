// `sluice check`: the harness, live or simulated.
#pragma once

#include "cli/command.h"

namespace cli {

void add_check_command(Command app, int& exit_code);

}  // namespace cli
