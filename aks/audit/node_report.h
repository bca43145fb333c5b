// The audit of a node for people and programs.
#pragma once

#include <string>

#include "aks/audit/node_audit.h"

namespace aks::audit {

// The first difference first, with what it means; then all of them, and what is right.
std::string node_report(const NodeAudit& audit);

// {"passes", "distro", "first", "findings": [{"severity", "rule", "path", "line", "message"}],
// "right"}.
std::string node_report_json(const NodeAudit& audit);

}  // namespace aks::audit
