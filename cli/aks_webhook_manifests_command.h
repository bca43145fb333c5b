#pragma once

#include "cli/command.h"

namespace cli {

// Adds `sluice aks webhook manifests`; it sets `exit_code`, which outlives the parsing.
void add_aks_webhook_manifests(Command webhook, int& exit_code);

}  // namespace cli
