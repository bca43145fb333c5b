#include "check/simulation/inspection_cases.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "check/report_summary.h"
#include "check/simulation/simulate.h"

namespace check {
namespace {

const Exempt kApiServer{{}, Served::kInCluster, "api-server"};

ProbeResult reached(Inspected inspected, const std::string& exemption) {
  ProbeResult result;
  result.verdict = Verdict::kPass;
  result.inspected = inspected;
  result.exemption = exemption;
  return result;
}

TEST(JudgeExempt, PassesOnlyWhatWasLetThroughForItsReason) {
  EXPECT_EQ(judge_exempt(kApiServer, reached(Inspected::kNo, "api-server")).verdict,
            Verdict::kPass);
  EXPECT_EQ(judge_exempt(kApiServer, reached(Inspected::kNo, "listed")).verdict, Verdict::kFail);
  EXPECT_EQ(judge_exempt(kApiServer, reached(Inspected::kNo, "")).verdict, Verdict::kFail);
  EXPECT_EQ(judge_exempt(kApiServer, reached(Inspected::kYes, "api-server")).verdict,
            Verdict::kFail);
}

TEST(InspectingSimulation, InspectsEveryEndpointAndNoApiServer) {
  SimulationOptions options;
  options.tunnels = Tunnels::kInspected;
  const auto report = simulate(options);
  ASSERT_TRUE(report) << report.error().detail;
  EXPECT_EQ(exit_code(*report), 0) << summary_line(*report);
  size_t inspected = 0;
  size_t exempt = 0;
  for (const ProbeResult& result : report->results) {
    if (result.verdict == Verdict::kSkip) continue;
    EXPECT_EQ(result.verdict, Verdict::kPass) << result.probe.name << ": " << result.reason;
    const std::string group = result.probe.groups.empty() ? "" : result.probe.groups.front();
    if (result.probe.kind == ProbeKind::kDirectTls || group == "exempt") {
      EXPECT_EQ(result.inspected, Inspected::kNo) << result.probe.name;
      if (group == "exempt") ++exempt;
    } else if (result.probe.kind == ProbeKind::kConnectTls && group != "control") {
      EXPECT_EQ(result.inspected, Inspected::kYes) << result.probe.name;
      EXPECT_EQ(result.authority, "CN=Simulated Inspection CA") << result.probe.name;
      ++inspected;
    }
  }
  EXPECT_GE(inspected, 8U);
  EXPECT_EQ(exempt, 4U);
}

}  // namespace
}  // namespace check
