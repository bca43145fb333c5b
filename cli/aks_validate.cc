#include "cli/aks_validate.h"

#include <CLI/CLI.hpp>

namespace cli {

void add_aks_validate(CLI::App& aks, int& exit_code) {
  auto* command = aks.add_subcommand("validate", "Find everything wrong with an httpProxyConfig");
  command->callback([&exit_code] { exit_code = 0; });
}

}  // namespace cli
