// sluice ca show. What a CA is, and what will be wrong with it.
#pragma once

#include "cli/command.h"

namespace cli {

void add_ca_show(Command ca, int& exit_code);

}  // namespace cli
