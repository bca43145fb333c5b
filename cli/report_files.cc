#include "cli/report_files.h"

#include <unistd.h>

#include <fstream>
#include <iostream>

#include "check/report_html.h"
#include "check/report_json.h"
#include "check/report_junit.h"
#include "check/report_summary.h"
#include "check/report_table.h"
#include "cli/exit_code.h"
#include "cli/terminal.h"

namespace cli {
namespace {

// Writes one report; "-" is standard output. False when the file can't be written.
bool write_report(const std::string& path, const std::string& text) {
  if (path == "-") {
    std::cout << text << std::flush;
    return true;
  }
  std::ofstream file(path, std::ios::binary);
  file << text << std::flush;
  if (file) return true;
  complain("cannot write " + path + "; check that its directory exists and is writable",
           kEnvironmentTrouble);
  return false;
}

}  // namespace

int write_reports(const ReportFiles& files, const check::Report& report) {
  bool written = true;
  const bool stdout_taken = files.json == "-" || files.junit == "-" || files.html == "-";
  if (files.to_stdout == ReportFiles::Stdout::kJson) {
    written = write_report("-", check::format_json(report));
  } else if (!stdout_taken) {
    const auto colour = wants_colour(STDOUT_FILENO) ? check::Colour::kAnsi : check::Colour::kNever;
    const auto width = static_cast<int>(terminal_width(kTextWidth));
    written = write_report("-", check::format_table(report, width, colour));
  }
  if (!files.json.empty()) written &= write_report(files.json, check::format_json(report));
  if (!files.junit.empty()) written &= write_report(files.junit, check::format_junit(report));
  if (!files.html.empty()) written &= write_report(files.html, check::format_html(report));
  return written ? check::exit_code(report) : kEnvironmentTrouble;
}

}  // namespace cli
