#include "check/report_causes.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace check {
namespace {

using namespace std::chrono_literals;
using ::testing::ElementsAre;

ProbeResult row(Verdict verdict, const char* host, const std::string& reason,
                const std::string& fix = "") {
  ProbeResult out;
  out.verdict = verdict;
  out.probe.host = host;
  out.probe.port = 443;
  out.probe.name = std::string(host) + ":443";
  out.probe.why = std::string("what ") + host + " is for";
  out.reason = reason;
  out.next_step = fix;
  out.phases[Phase::kConnect] = 3ms;
  return out;
}

TEST(ReportCauses, ExplainManyRowsByOneCause) {
  Report report;
  for (const char* host : {"a.example", "b.example"}) {
    report.results.push_back(row(Verdict::kWarn, host, "slow"));
    report.results.push_back(
        row(Verdict::kFail, host, "the proxy denied " + std::string(host) + ":443",
            "Allow " + std::string(host) + " on port 443 at the proxy: what " + host + " is for."));
  }
  report.results.push_back(row(Verdict::kPass, "c.example", "reached"));
  report.results.push_back(row(Verdict::kFail, "c.example", "no c.example", "Find c.example."));
  report.results.push_back(row(Verdict::kSkip, "", "a range"));
  const auto causes = causes_of(report);
  ASSERT_EQ(causes.size(), 3U);
  EXPECT_EQ(causes[0].what, "the proxy denied HOST:443");
  EXPECT_EQ(causes[0].fix, "Allow them at the proxy.");
  EXPECT_THAT(causes[0].rows, ElementsAre(1, 3));
  EXPECT_EQ(names_of(report, causes[0]), "a.example:443, b.example:443");
  EXPECT_EQ(causes[1].what, "no c.example") << "one row keeps its own words";
  EXPECT_EQ(causes[1].fix, "Find c.example.");
  EXPECT_EQ(causes[2].verdict, Verdict::kWarn) << "warnings come behind failures";
  EXPECT_EQ(causes[2].slowest, 3ms);
}

TEST(ReportCauses, KeepReasonsApart) {
  Report report;
  report.results = {row(Verdict::kFail, "a.example", "refused", "Look."),
                    row(Verdict::kFail, "b.example", "refused", "Look elsewhere."),
                    row(Verdict::kWarn, "c.example", "refused", "Look.")};
  EXPECT_EQ(causes_of(report).size(), 3U);
  EXPECT_TRUE(causes_of(Report{}).empty());
}

}  // namespace
}  // namespace check
