// sluice ca: the authority that signs what inspected clients see.
#pragma once

#include "cli/command.h"

namespace cli {

void add_ca_command(Command app, int& exit_code);

}  // namespace cli
