// What makes two runs of a check comparable: the command that repeats it, and an earlier report.
#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "check/report_data.h"

namespace cli {

// This program's own command, for a shell: "sluice check -f x.json". "" where the system does not
// tell.
std::string own_command();

// What is in the file of an earlier report; "" for "". Fails with kIo when it can't be read, and
// (client) with kBadRequest when it is no report.
base::Result<std::string> read_baseline(const std::string& path);

// Puts into the report what changed since; does nothing for "".
void tell_difference(const std::string& earlier, check::Report& report);

// The words as a shell reads them back.
std::string quoted_for_shell(const std::vector<std::string>& words);

}  // namespace cli
