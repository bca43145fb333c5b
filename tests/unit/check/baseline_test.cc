#include "check/baseline.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "check/report_json.h"

namespace check {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

ProbeResult row(const char* name, Verdict verdict, aks::Route route = aks::Route::kProxy) {
  ProbeResult out;
  out.probe.name = name;
  out.probe.route = route;
  out.verdict = verdict;
  return out;
}

Report report_of(std::vector<ProbeResult> rows) {
  Report report;
  report.started = base::WallTime(std::chrono::seconds(1'780'000'000));
  report.results = std::move(rows);
  return report;
}

TEST(Baseline, TellsWorseBetterNewAndGone) {
  const std::string old = format_json(
      report_of({row("a", Verdict::kPass), row("b", Verdict::kFail), row("c", Verdict::kSkip),
                 row("d", Verdict::kWarn), row("e", Verdict::kPass),
                 row("e", Verdict::kFail, aks::Route::kDirect)}));
  const auto difference = compare_with(
      old, report_of({row("a", Verdict::kFail), row("b", Verdict::kWarn), row("c", Verdict::kPass),
                      row("e", Verdict::kPass), row("f", Verdict::kFail),
                      row("e", Verdict::kFail, aks::Route::kDirect)}));
  ASSERT_TRUE(difference) << difference.error().detail;
  EXPECT_THAT(difference_lines(*difference),
              ElementsAre("Since 2026-05-28T20:26:40Z: 1 worse, 1 better, 1 new, 1 gone",
                          "  worse: a, pass -> fail", "  better: b, fail -> warn", "  new: f, fail",
                          "  gone: d, was warn"));
}

TEST(Baseline, SaysThatNothingChanged) {
  const Report report = report_of({row("a", Verdict::kFail)});
  EXPECT_THAT(difference_lines(*compare_with(format_json(report), report)),
              ElementsAre(HasSubstr("nothing changed")));
}

TEST(Baseline, RefusesWhatIsNoReport) {
  const std::string whole = format_json(report_of({row("a", Verdict::kPass)}));
  for (size_t length = 0; length + 1 < whole.size(); ++length)
    EXPECT_FALSE(compare_with(whole.substr(0, length), Report{})) << length;
  for (const char* text :
       {"[]", "{}", R"({"results": {}})", R"({"results": [1]})", R"({"results": [{"name": "a"}]})",
        R"({"results": [{"name": "a", "verdict": "good"}]})"}) {
    const auto difference = compare_with(text, Report{});
    ASSERT_FALSE(difference) << text;
    EXPECT_THAT(difference.error().detail, HasSubstr("sluice check --json"));
  }
}

}  // namespace
}  // namespace check
