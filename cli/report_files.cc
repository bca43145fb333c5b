#include "cli/report_files.h"

#include <sys/ioctl.h>
#include <unistd.h>

#include <fstream>
#include <iostream>

#include "check/report_html.h"
#include "check/report_json.h"
#include "check/report_junit.h"
#include "check/report_summary.h"
#include "check/report_table.h"

namespace cli {
namespace {

constexpr int kEnvironmentTrouble = 3;
constexpr int kTableWidth = 100;  // where the terminal does not say

// Writes one report; "-" is standard output. False when the file can't be written.
bool write_report(const std::string& path, const std::string& text) {
  if (path == "-") {
    std::cout << text << std::flush;
    return true;
  }
  std::ofstream file(path, std::ios::binary);
  file << text << std::flush;
  if (file) return true;
  std::cerr << "sluice: cannot write " << path
            << "; check that its directory exists and is writable\n";
  return false;
}

int terminal_width() {
  winsize size{};
  const bool known = ::ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0;
  return known ? size.ws_col : kTableWidth;
}

}  // namespace

int write_reports(const ReportFiles& files, const check::Report& report) {
  const bool terminal = ::isatty(STDOUT_FILENO) == 1;
  bool written = true;
  const bool stdout_taken = files.json == "-" || files.junit == "-" || files.html == "-";
  if (!stdout_taken) {
    const auto colour = terminal ? check::Colour::kAnsi : check::Colour::kNever;
    written = write_report("-", check::format_table(report, terminal_width(), colour));
  }
  if (!files.json.empty()) written &= write_report(files.json, check::format_json(report));
  if (!files.junit.empty()) written &= write_report(files.junit, check::format_junit(report));
  if (!files.html.empty()) written &= write_report(files.html, check::format_html(report));
  return written ? check::exit_code(report) : kEnvironmentTrouble;
}

}  // namespace cli
