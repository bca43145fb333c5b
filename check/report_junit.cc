#include "check/report_junit.h"

#include <array>
#include <cstdio>

#include "check/inspection.h"
#include "check/report_clients.h"
#include "check/report_markup.h"
#include "check/report_summary.h"

namespace check {
namespace {

std::string seconds(std::chrono::microseconds duration) {
  std::array<char, 32> text{};
  std::snprintf(text.data(), text.size(), "%.6f", static_cast<double>(duration.count()) / 1e6);
  return text.data();
}

std::string attribute(const char* name, std::string_view value) {
  return std::string(" ") + name + "=\"" + escape_markup(value) + "\"";
}

std::string explanation(const ProbeResult& result) {
  std::string text = result.reason;
  if (!result.next_step.empty()) text += "\nNext step: " + result.next_step;
  if (result.failed_in) text += "\nPhase: " + std::string(token_of(*result.failed_in));
  if (result.certificate) text += "\nIssuer: " + result.certificate->issuer;
  return text;
}

std::string output(const std::string& text) {
  return text.empty() ? "" : "<system-out>" + escape_markup(text) + "</system-out>";
}

std::string test_case(const ProbeResult& result, Inspecting inspecting) {
  const std::string group = result.probe.groups.empty() ? "check" : result.probe.groups.front();
  std::string xml = "    <testcase" + attribute("classname", "sluice.check." + group) +
                    attribute("name", result.probe.name) +
                    attribute("time", seconds(result.phases.total())) + ">";
  const std::string reason = attribute("message", result.reason);
  const bool told = inspecting == Inspecting::kExpected && result.verdict != Verdict::kSkip;
  std::string inspection;
  if (told) {
    inspection =
        "Inspected: " + std::string(token_of(result.inspected)) + ", " + inspection_words(result);
  }
  switch (result.verdict) {
    case Verdict::kPass: xml += output(inspection); break;
    case Verdict::kWarn:
      xml += output("Warning: " + explanation(result) + (told ? "\n" + inspection : ""));
      break;
    case Verdict::kFail: {
      const std::string_view type = result.failed_in ? token_of(*result.failed_in) : "verdict";
      xml += "<failure" + attribute("type", type) + reason + ">" +
             escape_markup(explanation(result)) + "</failure>" + output(inspection);
      break;
    }
    case Verdict::kSkip: xml += "<skipped" + reason + "/>"; break;
  }
  return xml + "</testcase>\n";
}

std::string totals(const Counts& counts) {
  return attribute("tests", std::to_string(counts.tried() + counts.skip)) +
         attribute("failures", std::to_string(counts.fail)) + attribute("errors", "0") +
         attribute("skipped", std::to_string(counts.skip));
}

std::string suite(const Report& report, const char* name, aks::Route route) {
  Counts counts;
  std::chrono::microseconds time{0};
  std::string cases;
  for (const ProbeResult& result : report.results) {
    if (result.probe.route != route) continue;
    counts.add(result.verdict);
    time += result.phases.total();
    cases += test_case(result, report.inspecting);
  }
  return "  <testsuite" + attribute("name", name) + totals(counts) +
         attribute("time", seconds(time)) +
         // The format wants local time without a zone; UTC it is.
         attribute("timestamp", format_time(report.started).substr(0, 19)) + ">\n" + cases +
         "  </testsuite>\n";
}

}  // namespace

std::string format_junit(const Report& report) {
  return "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites" +
         attribute("name", "sluice check") + totals(count(report)) +
         attribute("time", seconds(report.elapsed)) + ">\n" +
         (report.clients.empty() ? suite(report, "through the proxy", aks::Route::kProxy) +
                                       suite(report, "direct", aks::Route::kDirect)
                                 : clients_junit(report)) +
         "</testsuites>\n";
}

}  // namespace check
