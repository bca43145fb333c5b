// sluice: the egress proxy an AKS cluster points at. One file per subcommand; this one wires them
// up.
#include <CLI/CLI.hpp>
#include <csignal>
#include <iostream>

#include "cli/aks_command.h"
#include "cli/ca_command.h"
#include "cli/check_command.h"
#include "cli/config_command.h"
#include "cli/lab_command.h"
#include "cli/noproxy_command.h"
#include "cli/run_command.h"
#include "proxy/version.h"

namespace {

constexpr int kWrongUsage = 2;

constexpr const char* kFooter =
    R"(Exit codes: 0 ok, 1 a check failed, 2 wrong usage or configuration, 3 trouble with the environment.
Try: sluice run, then curl -x http://127.0.0.1:3128 https://mcr.microsoft.com/v2/)";

}  // namespace

int main(int argc, char** argv) {
  // A relay may write to a connection that is gone, with splice, which can't say MSG_NOSIGNAL.
  std::signal(SIGPIPE, SIG_IGN);
  CLI::App app{
      "Sluice: the egress proxy an AKS cluster points at, and the harness that proves it works"};
  app.set_version_flag("--version", "sluice " + std::string(proxy::kVersion));
  app.require_subcommand(1);
  app.footer(kFooter);
  int exit_code = 0;
  cli::add_run_command(app, exit_code);
  cli::add_aks_command(app, exit_code);
  cli::add_ca_command(app, exit_code);
  cli::add_check_command(app, exit_code);
  cli::add_config_command(app, exit_code);
  cli::add_lab_command(app, exit_code);
  cli::add_noproxy_command(app, exit_code);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    // --help and --version arrive here as well, with exit code 0.
    return app.exit(error) == 0 ? 0 : kWrongUsage;
  }
  return exit_code;
}
