// `sluice config`: check, show and describe the configuration.
#pragma once

#include "cli/command.h"

namespace cli {

// Adds `config check|show|schema` to `app`. When one of them has run, `exit_code` is 0, or 2 for a
// wrong configuration, or 3 for a file that can't be read; it outlives the parsing. Answers go to
// standard output, what prevents an answer to standard error.
void add_config_command(Command app, int& exit_code);

}  // namespace cli
