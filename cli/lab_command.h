// `sluice lab`: the simulated internet and cluster as servers, for labs made of several machines or
// containers (docker-compose.yml).
#pragma once

#include "cli/command.h"

namespace cli {

void add_lab_command(Command app, int& exit_code);

}  // namespace cli
