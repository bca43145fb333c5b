// `sluice man`: manual pages.
#pragma once

#include "cli/command.h"

namespace cli {

// `program` is what the pages are about; it outlives the command.
void add_man_command(Command app, const usage::Command& program, int& exit_code);

}  // namespace cli
