// `sluice noproxy explain` and `sluice noproxy lint`.
#pragma once

#include <CLI/CLI.hpp>

namespace cli {

// Adds the subcommand; running it leaves the process's exit code in `exit_code`.
void add_noproxy_command(CLI::App& app, int& exit_code);

}  // namespace cli
