#include "cli/aks_command.h"

#include "cli/aks_audit_command.h"
#include "cli/aks_diff_command.h"
#include "cli/aks_endpoints_command.h"
#include "cli/aks_learn_command.h"
#include "cli/aks_plan.h"
#include "cli/aks_render_command.h"
#include "cli/aks_validate.h"
#include "cli/aks_webhook_command.h"

namespace cli {

void add_aks_command(Command app, int& exit_code) {
  const Command aks = app.add_subcommand("aks", "What an httpProxyConfig means to an AKS cluster");
  aks.needs_subcommand();
  add_aks_audit(aks, exit_code);
  add_aks_diff(aks, exit_code);
  add_aks_endpoints(aks, exit_code);
  add_aks_learn(aks, exit_code);
  add_aks_plan(aks, exit_code);
  add_aks_render(aks, exit_code);
  add_aks_validate(aks, exit_code);
  add_aks_webhook(aks, exit_code);
}

}  // namespace cli
