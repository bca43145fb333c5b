#pragma once

namespace CLI {
class App;
}

namespace cli {

// Adds `sluice aks webhook`; it sets `exit_code`, which outlives the parsing.
void add_aks_webhook(CLI::App& aks, int& exit_code);

}  // namespace cli
