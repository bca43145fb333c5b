#include "cli/aks_command.h"

#include <CLI/CLI.hpp>

#include "cli/aks_plan.h"
#include "cli/aks_validate.h"

namespace cli {

void add_aks_command(CLI::App& app, int& exit_code) {
  CLI::App& aks = *app.add_subcommand("aks", "What an httpProxyConfig means to an AKS cluster");
  aks.require_subcommand(1);
  add_aks_plan(aks, exit_code);
  add_aks_validate(aks, exit_code);
}

}  // namespace cli
