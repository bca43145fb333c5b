// Findings for machines: our own JSON, and SARIF 2.1.0 for code scanning in pipelines.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "aks/finding.h"

namespace aks {

// {"file", "errors", "warnings", "notes", "findings": [{"severity", "rule", "path", "line",
// "column", "message", "fix", "service_error"}]}; unknown places and fixes are null.
std::string findings_json(const std::string& file, const std::vector<Finding>& findings);

// An OASIS SARIF 2.1.0 log with one run. `text` turns columns, which count octets, into code
// points, which SARIF wants; `version` is the program's.
std::string findings_sarif(const std::string& file, std::string_view text,
                           const std::vector<Finding>& findings, std::string_view version);

}  // namespace aks
