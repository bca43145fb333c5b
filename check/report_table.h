// The report for a terminal.
#pragma once

#include <string>

#include "check/report_data.h"

namespace check {

enum class Colour { kNever, kAnsi };

// What went wrong, cause by cause with its next step; then all results by route, those that passed
// for one reason folded into one; controls; notes, findings and the summary line. Lines are at most
// `width` columns long (60 at least); text from the network is escaped. Ends in a newline.
std::string format_table(const Report& report, int width, Colour colour);

// `text` in the verdict's colour.
std::string painted(const std::string& text, Verdict verdict, Colour colour);

}  // namespace check
