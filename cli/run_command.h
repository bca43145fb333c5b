// `sluice run`: the proxy, with signals as its remote control.
#pragma once

#include <CLI/CLI.hpp>

namespace cli {

void add_run_command(CLI::App& app, int& exit_code);

}  // namespace cli
