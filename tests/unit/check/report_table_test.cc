#include "check/report_table.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <sstream>

namespace check {
namespace {

using namespace std::chrono_literals;
using ::testing::HasSubstr;
using ::testing::Not;

ProbeResult result(Verdict verdict, const char* name, aks::Route route, const char* reason) {
  ProbeResult out;
  out.verdict = verdict;
  out.probe.name = name;
  out.probe.route = route;
  out.reason = reason;
  if (verdict != Verdict::kSkip) out.phases[Phase::kConnect] = 12ms;
  return out;
}

Report sample() {
  Report report;
  report.elapsed = 1s;
  report.results = {
      result(Verdict::kPass, "a.example:443", aks::Route::kProxy, "answered 200"),
      result(Verdict::kFail, "b.example:443", aks::Route::kProxy, "CONNECT was answered with 403"),
      result(Verdict::kPass, "10.0.0.1:443", aks::Route::kDirect, "answered 401"),
      result(Verdict::kSkip, "10.244.0.0/16", aks::Route::kDirect, "a range")};
  report.results[1].next_step = "Allow b.example on port 443 at the proxy.";
  report.notes = {"A note."};
  report.findings = {{aks::Severity::kWarning, "rule", "$.noProxy[0]", "a message"}};
  return report;
}

size_t longest_line(const std::string& text) {
  std::istringstream in(text);
  size_t longest = 0;
  for (std::string line; std::getline(in, line);) longest = std::max(longest, line.size());
  return longest;
}

TEST(ReportTable, GroupsByRouteAndShowsTheNextStep) {
  EXPECT_EQ(format_table(sample(), 80, Colour::kNever),
            "Causes\n"
            "1.  FAIL 1 row: CONNECT was answered with 403\n"
            "         -> Allow b.example on port 443 at the proxy.\n"
            "\n"
            "Through the proxy\n"
            "FAIL  b.example:443    12 ms  cause 1\n"
            "pass  a.example:443    12 ms  answered 200\n"
            "\n"
            "Direct\n"
            "pass  10.0.0.1:443     12 ms  answered 401\n"
            "\n"
            "Not tried\n"
            "skip  10.244.0.0/16           a range\n"
            "\n"
            "Notes\n"
            "- warning: $.noProxy[0]: a message [rule]\n"
            "- A note.\n"
            "\n"
            "3 probes: 2 passed, 0 warnings, 1 failed, 1 skipped in 1.0 s\n");
}

TEST(ReportTable, FoldsWhatPassedForOneReason) {
  Report report;
  report.results = {result(Verdict::kPass, "a.example:443", aks::Route::kProxy, "answered 200"),
                    result(Verdict::kPass, "b.example:443", aks::Route::kProxy, "answered 404"),
                    result(Verdict::kPass, "c.example:443", aks::Route::kProxy, "answered 200"),
                    result(Verdict::kPass, "control: x", aks::Route::kProxy, "failed as it must")};
  report.results[2].phases[Phase::kTls] = 800us;
  report.results[3].probe.groups = {"control"};
  report.results[3].phases[Phase::kConnect] = 340us;
  report.command = "sluice check -f x.json";
  report.difference.emplace();
  EXPECT_EQ(format_table(report, 80, Colour::kNever),
            "Through the proxy\n"
            "pass  2 in at most 13 ms: answered 200\n"
            "      a.example:443, c.example:443\n"
            "pass  b.example:443    12 ms  answered 404\n"
            "\n"
            "Controls, which have to fail\n"
            "pass  control: x      340 \u00b5s  failed as it must\n"
            "\n"
            "Since the earlier report: nothing changed\n"
            "\n"
            "Again: sluice check -f x.json\n"
            "4 probes: 4 passed, 0 warnings, 0 failed in 0 \u00b5s\n");
}

TEST(ReportTable, KeepsToTheWidth) {
  Report report = sample();
  report.results[1].probe.name = std::string(50, 'n') + ".example:443";
  report.results[1].reason = std::string(300, 'x') + " " + std::string(200, 'y');
  for (size_t i = 0; i < 50; ++i) report.results[1].next_step += " and more";
  report.notes.push_back(std::string(500, 'z'));
  for (const int width : {60, 80, 100, 200}) {
    // A long name may stand in the way of the first line; nothing else may.
    EXPECT_LE(longest_line(format_table(report, width, Colour::kNever)),
              std::max<size_t>(static_cast<size_t>(width), 6 + 62 + 9 + 2))
        << width;
  }
  EXPECT_LE(longest_line(format_table(sample(), 1, Colour::kNever)), 62U);
}

TEST(ReportTable, ColoursOnRequestOnly) {
  EXPECT_THAT(format_table(sample(), 80, Colour::kNever), Not(HasSubstr("\x1b")));
  EXPECT_THAT(format_table(sample(), 80, Colour::kAnsi), HasSubstr("\x1b[1;31mFAIL\x1b[0m"));
}

TEST(ReportTable, EscapesTextFromTheNetwork) {
  Report report = sample();
  report.results[0].reason = "evil \x1b]0;title\x07 \xff\n";
  report.results[0].next_step = "\r\x1b[2J";
  report.notes = {"\x1b[31m"};
  for (const char c : format_table(report, 80, Colour::kNever)) {
    EXPECT_TRUE(c == '\n' || (c >= ' ' && c <= '~'));
  }
}

TEST(ReportTable, PrintsAnEmptyReport) {
  EXPECT_EQ(format_table(Report{}, 80, Colour::kNever),
            "0 probes: 0 passed, 0 warnings, 0 failed in 0 \u00b5s\n");
}

}  // namespace
}  // namespace check
