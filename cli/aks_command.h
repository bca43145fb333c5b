#pragma once

namespace CLI {
class App;
}

namespace cli {

// Adds `sluice aks …`; its subcommands set `exit_code`, which outlives the parsing.
void add_aks_command(CLI::App& app, int& exit_code);

}  // namespace cli
