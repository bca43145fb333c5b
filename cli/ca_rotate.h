// sluice ca rotate. The next CA, and a rehearsal of the way from this one to it.
#pragma once

#include "cli/command.h"

namespace cli {

void add_ca_rotate(Command ca, int& exit_code);

}  // namespace cli
