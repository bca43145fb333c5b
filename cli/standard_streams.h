// Standard input, output and error as whoever started us left them.
#pragma once

namespace cli {

// Opens those that are closed on /dev/null, so that no file or socket gets their numbers and is
// written to by mistake. Writing to a standard output that was closed fails. Call it first.
void hold_standard_streams();

// Writes out what std::cout holds. `exit_code`, or 3 with a sentence on standard error when not all
// of the output could be written and it would have been 0 or 1.
int finish_output(int exit_code);

}  // namespace cli
