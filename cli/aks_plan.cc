#include "cli/aks_plan.h"

#include <CLI/CLI.hpp>

namespace cli {

void add_aks_plan(CLI::App& aks, int& exit_code) {
  auto* command = aks.add_subcommand("plan", "Say what an update from OLD to NEW does, in order");
  command->callback([&exit_code] { exit_code = 0; });
}

}  // namespace cli
