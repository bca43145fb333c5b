#pragma once

namespace CLI {
class App;
}

namespace cli {

// Adds `sluice aks plan`; it sets `exit_code`, which outlives the parsing.
void add_aks_plan(CLI::App& aks, int& exit_code);

}  // namespace cli
