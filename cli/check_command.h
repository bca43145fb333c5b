// `sluice check`: the harness, live or simulated.
#pragma once

#include <CLI/CLI.hpp>

namespace cli {

void add_check_command(CLI::App& app, int& exit_code);

}  // namespace cli
