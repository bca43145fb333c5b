#include "check/report_summary.h"

#include <array>
#include <cstdio>
#include <ctime>

namespace check {
namespace {

std::string counted(size_t number, const char* one, const char* many) {
  return std::to_string(number) + " " + (number == 1 ? one : many);
}

}  // namespace

void Counts::add(Verdict verdict) {
  switch (verdict) {
    case Verdict::kPass: ++pass; break;
    case Verdict::kWarn: ++warn; break;
    case Verdict::kFail: ++fail; break;
    case Verdict::kSkip: ++skip; break;
  }
}

Counts count(const Report& report) {
  Counts counts;
  for (const ProbeResult& result : report.results) counts.add(result.verdict);
  for (const ClientRun& run : report.clients) {
    if (!run.skipped.empty()) counts.add(Verdict::kSkip);
    for (const ClientRoute& route : run.routes) counts.add(route.verdict);
  }
  return counts;
}

Verdict overall(const Report& report) {
  const Counts counts = count(report);
  if (counts.fail > 0 || counts.tried() == 0 || aks::has_errors(report.findings)) {
    return Verdict::kFail;
  }
  return counts.warn > 0 ? Verdict::kWarn : Verdict::kPass;
}

int exit_code(const Report& report) { return overall(report) == Verdict::kFail ? 1 : 0; }

std::string summary_line(const Report& report) {
  const Counts counts = count(report);
  std::string line = report.clients.empty() ? counted(counts.tried(), "probe: ", "probes: ")
                                            : counted(counts.tried(), "route: ", "routes: ");
  line += std::to_string(counts.pass) + " passed, ";
  line += counted(counts.warn, "warning", "warnings") + ", ";
  line += std::to_string(counts.fail) + " failed";
  if (counts.skip > 0) line += ", " + std::to_string(counts.skip) + " skipped";
  return line + " in " + short_duration(report.elapsed);
}

std::string short_duration(std::chrono::microseconds duration) {
  const auto us = duration.count();
  if (us < 1'000) return std::to_string(us) + " \u00b5s";
  if (us < 1'000'000) return std::to_string((us + 500) / 1'000) + " ms";
  if (us >= 59'950'000) return std::to_string((us + 500'000) / 1'000'000) + " s";
  const auto tenths = (us + 50'000) / 100'000;
  return std::to_string(tenths / 10) + "." + std::to_string(tenths % 10) + " s";
}

std::string format_time(base::WallTime time) {
  const std::time_t seconds = std::chrono::system_clock::to_time_t(time);
  std::tm parts{};
  if (gmtime_r(&seconds, &parts) == nullptr) return "";
  std::array<char, 32> text{};
  const size_t length = std::strftime(text.data(), text.size(), "%Y-%m-%dT%H:%M:%SZ", &parts);
  return std::string(text.data(), length);
}

}  // namespace check
