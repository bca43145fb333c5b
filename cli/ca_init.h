// sluice ca init. Makes a CA: a key and a self-signed certificate, in two new files.
#pragma once

#include "cli/command.h"

namespace cli {

void add_ca_init(Command ca, int& exit_code);

}  // namespace cli
