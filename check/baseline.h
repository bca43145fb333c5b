// An earlier report, and what changed since.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "check/report_data.h"

namespace check {

inline constexpr size_t kMaxBaseline = 16 * 1024 * 1024;  // octets of an earlier report

// Holds a report against what `sluice check --json` wrote before. Rows are the same when name and
// route are; verdicts alone count. Fails (client, kBadRequest) when `earlier` is something else.
base::Result<Difference> compare_with(std::string_view earlier, const Report& report);

// "Since 2026-11-30T21:22:39Z: 1 worse, 2 better", then a line for each row. Text of the earlier
// report is not escaped.
std::vector<std::string> difference_lines(const Difference& difference);

}  // namespace check
