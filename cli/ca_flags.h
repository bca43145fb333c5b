// The flags about a new CA, which `init` and `rotate` share.
#pragma once

#include <string>

#include "cli/ca_files.h"
#include "cli/command.h"

namespace cli {

// --name, --days, --rsa and --name-constraint, with the defaults of `spec`, which outlives the
// parsing. `constraints_help` says what comes of --name-constraint and of leaving it out.
void add_new_ca_flags(Command command, NewCa& spec, const std::string& constraints_help);

}  // namespace cli
