// `sluice run`: the proxy, with signals as its remote control.
#pragma once

#include "cli/command.h"

namespace cli {

void add_run_command(Command app, int& exit_code);

}  // namespace cli
