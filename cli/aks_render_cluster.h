#pragma once

#include "cli/command.h"

namespace cli {

// Adds the forms of `sluice aks render` that are Kubernetes objects with options of their own:
// istio, monitoring and ca-bundle. They set `exit_code`, which outlives the parsing.
void add_aks_render_cluster(Command render, int& exit_code);

}  // namespace cli
