#include "cli/aks_audit_command.h"

#include "cli/aks_audit_node_command.h"
#include "cli/aks_audit_pods_command.h"

namespace cli {

void add_aks_audit(Command aks, int& exit_code) {
  const Command audit =
      aks.add_subcommand("audit", "Hold what runs in a cluster against its configuration");
  audit.needs_subcommand();
  add_aks_audit_node(audit, exit_code);
  add_aks_audit_pods(audit, exit_code);
}

}  // namespace cli
