// `sluice aks audit node`: the files of a node that tell it about its proxy.
#pragma once

#include "cli/command.h"

namespace cli {

void add_aks_audit_node(Command audit, int& exit_code);

}  // namespace cli
