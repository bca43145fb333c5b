#pragma once

namespace CLI {
class App;
}

namespace cli {

// Adds `sluice aks validate`; it sets `exit_code`, which outlives the parsing.
void add_aks_validate(CLI::App& aks, int& exit_code);

}  // namespace cli
