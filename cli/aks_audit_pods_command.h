// `sluice aks audit pods`: the proxy variables of running pods.
#pragma once

#include "cli/command.h"

namespace cli {

void add_aks_audit_pods(Command audit, int& exit_code);

}  // namespace cli
