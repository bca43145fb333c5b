// The reports of a check, on standard output and in files.
#pragma once

#include <string>

#include "check/report_data.h"

namespace cli {

// Paths; "" for reports that nobody wants, "-" for standard output, where no table is then.
struct ReportFiles {
  enum class Stdout { kTable, kJson };

  std::string json, junit, html;
  Stdout to_stdout = Stdout::kTable;
};

// Writes the table to standard output unless a report takes that place, and each report to its
// file. Returns the process's exit code: the check's, or 3 when a file can't be written.
int write_reports(const ReportFiles& files, const check::Report& report);

}  // namespace cli
