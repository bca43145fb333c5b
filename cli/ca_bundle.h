// sluice ca bundle. The CA's certificates in the form that a client reads.
#pragma once

#include "cli/command.h"

namespace cli {

void add_ca_bundle(Command ca, int& exit_code);

}  // namespace cli
