#include "check/report_summary.h"

#include <gtest/gtest.h>

namespace check {
namespace {

using namespace std::chrono_literals;

Report with(std::initializer_list<Verdict> verdicts) {
  Report report;
  report.elapsed = 3140ms;
  for (const Verdict verdict : verdicts) {
    ProbeResult result;
    result.verdict = verdict;
    report.results.push_back(result);
  }
  return report;
}

TEST(ReportSummary, CountsInOneLine) {
  EXPECT_EQ(summary_line(with({Verdict::kPass, Verdict::kPass, Verdict::kFail, Verdict::kSkip})),
            "3 probes: 2 passed, 0 warnings, 1 failed, 1 skipped in 3.1 s");
  EXPECT_EQ(summary_line(with({Verdict::kWarn})),
            "1 probe: 0 passed, 1 warning, 0 failed in 3.1 s");
}

TEST(ReportSummary, FailsWhenAProbeFails) {
  EXPECT_EQ(exit_code(with({Verdict::kPass, Verdict::kFail})), 1);
  EXPECT_EQ(overall(with({Verdict::kPass, Verdict::kFail})), Verdict::kFail);
}

TEST(ReportSummary, PassesWithWarnings) {
  EXPECT_EQ(exit_code(with({Verdict::kPass, Verdict::kWarn, Verdict::kSkip})), 0);
  EXPECT_EQ(overall(with({Verdict::kPass, Verdict::kWarn})), Verdict::kWarn);
  EXPECT_EQ(overall(with({Verdict::kPass})), Verdict::kPass);
}

TEST(ReportSummary, FailsWhenNothingWasTried) {
  EXPECT_EQ(exit_code(with({})), 1);
  EXPECT_EQ(exit_code(with({Verdict::kSkip})), 1);
}

TEST(ReportSummary, FailsWhenTheConfigurationIsWrong) {
  Report report = with({Verdict::kPass});
  report.findings.push_back({aks::Severity::kWarning, "r", "$", "m"});
  EXPECT_EQ(exit_code(report), 0);
  report.findings.push_back({aks::Severity::kError, "r", "$", "m"});
  EXPECT_EQ(exit_code(report), 1);
}

TEST(ReportSummary, WritesDurationsForPeople) {
  EXPECT_EQ(short_duration(0us), "0 \u00b5s");
  EXPECT_EQ(short_duration(999us), "999 \u00b5s");
  EXPECT_EQ(short_duration(1499us), "1 ms");
  EXPECT_EQ(short_duration(999'499us), "999 ms");
  EXPECT_EQ(short_duration(1s), "1.0 s");
  EXPECT_EQ(short_duration(59'949ms), "59.9 s");
  EXPECT_EQ(short_duration(75s), "75 s");
}

TEST(ReportSummary, WritesTimesInUtc) {
  EXPECT_EQ(format_time(base::WallTime(1787300000s)), "2026-08-21T08:13:20Z");
}

TEST(ReportSummary, TakesTheReasonOfASkippedProbeFromItsNote) {
  Probe probe;
  probe.note = "a range";
  const ProbeResult result = skipped_result(probe);
  EXPECT_EQ(result.verdict, Verdict::kSkip);
  EXPECT_EQ(result.reason, "a range");
}

}  // namespace
}  // namespace check
