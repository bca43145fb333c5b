// Findings for people: a line each, with the line of the document that they are about.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "aks/finding.h"

namespace aks {

// All findings about `text`, which people know as `file`.
std::string format_findings(const std::string& file, std::string_view text,
                            const std::vector<Finding>& findings);

// "1 error, 2 warnings, no notes"
std::string summary_line(const std::vector<Finding>& findings);

}  // namespace aks
