// `sluice healthcheck`: whether a running proxy or lab answers that it is ready, for container
// engines, whose images have no other client.
#pragma once

#include "cli/command.h"

namespace cli {

void add_healthcheck_command(Command app, int& exit_code);

}  // namespace cli
