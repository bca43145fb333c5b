// sluice: the egress proxy an AKS cluster points at. One file per subcommand; this one wires them
// up.
#include <csignal>

#include "cli/aks_command.h"
#include "cli/ca_command.h"
#include "cli/check_command.h"
#include "cli/command.h"
#include "cli/completion_command.h"
#include "cli/config_command.h"
#include "cli/exit_code.h"
#include "cli/healthcheck_command.h"
#include "cli/lab_command.h"
#include "cli/man_command.h"
#include "cli/noproxy_command.h"
#include "cli/run_command.h"
#include "cli/standard_streams.h"
#include "cli/terminal.h"
#include "cli/upgrade_command.h"
#include "cli/version_text.h"

namespace {

constexpr const char* kFooter =
    R"(Exit codes: 0 ok, 1 a check failed, 2 wrong usage or configuration, 3 trouble with the environment.
Try: sluice run, then curl -x http://127.0.0.1:3128 https://mcr.microsoft.com/v2/)";

}  // namespace

int main(int argc, char** argv) {
  cli::hold_standard_streams();
  // A relay may write to a connection that is gone, with splice, which can't say MSG_NOSIGNAL.
  std::signal(SIGPIPE, SIG_IGN);
  const cli::ColouredStreams colours;
  cli::Program program(
      "sluice",
      "Sluice: the egress proxy an AKS cluster points at, and the harness that proves it works",
      cli::version_text);
  const cli::Command app = program.command();
  app.footer(kFooter);
  int exit_code = 0;
  cli::add_run_command(app, exit_code);
  cli::add_aks_command(app, exit_code);
  cli::add_ca_command(app, exit_code);
  cli::add_check_command(app, exit_code);
  cli::add_config_command(app, exit_code);
  cli::add_completion_command(app, program.definition(), exit_code);
  cli::add_healthcheck_command(app, exit_code);
  cli::add_lab_command(app, exit_code);
  cli::add_man_command(app, program.definition(), exit_code);
  cli::add_noproxy_command(app, exit_code);
  cli::add_upgrade_command(app, exit_code);
  return cli::finish_output(program.parse(argc, argv) ? exit_code : cli::kWrongUsage);
}
