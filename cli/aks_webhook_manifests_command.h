#pragma once

namespace CLI {
class App;
}

namespace cli {

// Adds `sluice aks webhook manifests`; it sets `exit_code`, which outlives the parsing.
void add_aks_webhook_manifests(CLI::App& webhook, int& exit_code);

}  // namespace cli
