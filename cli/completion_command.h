// `sluice completion`: scripts for shells.
#pragma once

#include "cli/command.h"

namespace cli {

// `program` is what is completed; it outlives the command.
void add_completion_command(Command app, const usage::Command& program, int& exit_code);

}  // namespace cli
