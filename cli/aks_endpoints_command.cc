#include "cli/aks_endpoints_command.h"

#include <CLI/CLI.hpp>
namespace cli {
void add_aks_endpoints(CLI::App& aks, int& exit_code) {
  aks.add_subcommand("endpoints", "x")->callback([&exit_code] { exit_code = 0; });
}
}  // namespace cli
