// sluice ca install. How each kind of system and program is made to trust the CA.
#pragma once

#include "cli/command.h"

namespace cli {

void add_ca_install(Command ca, int& exit_code);

}  // namespace cli
