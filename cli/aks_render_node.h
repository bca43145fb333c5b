#pragma once

#include <string>

namespace CLI {
class App;
}

namespace cli {

// Adds `sluice aks render node`; it sets `exit_code`, which outlives the parsing.
void add_aks_render_node(CLI::App& render, int& exit_code);

}  // namespace cli
