#pragma once

namespace CLI {
class App;
}

namespace cli {

// Adds `sluice aks endpoints`; it sets `exit_code`, which outlives the parsing.
void add_aks_endpoints(CLI::App& aks, int& exit_code);

}  // namespace cli
