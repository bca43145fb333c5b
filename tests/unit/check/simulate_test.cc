#include "check/simulation/simulate.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "check/report_summary.h"
#include "check/simulation/controls.h"

namespace check {
namespace {

const ProbeResult* find(const Report& report, const std::string& name) {
  const auto found = std::find_if(report.results.begin(), report.results.end(),
                                  [&](const ProbeResult& each) { return each.probe.name == name; });
  return found == report.results.end() ? nullptr : &*found;
}

TEST(Simulation, ReachesEveryRequiredEndpointAndBypassesForTheRest) {
  const auto report = simulate({});
  ASSERT_TRUE(report) << report.error().detail;
  EXPECT_EQ(exit_code(*report), 0) << summary_line(*report);
  EXPECT_LT(report->elapsed, std::chrono::seconds(10));
  size_t through_proxy = 0;
  size_t direct = 0;
  for (const ProbeResult& result : report->results) {
    if (result.verdict == Verdict::kSkip) continue;
    EXPECT_EQ(result.verdict, Verdict::kPass) << result.probe.name << ": " << result.reason;
    const bool control = result.probe.groups == std::vector<std::string>{"control"};
    if (control) continue;
    if (result.probe.route == aks::Route::kProxy) {
      ++through_proxy;
      EXPECT_EQ(result.connect_status, 200) << result.probe.name;
      EXPECT_EQ(result.inspected, Inspected::kNo) << result.probe.name;
      ASSERT_TRUE(result.certificate) << result.probe.name;
      EXPECT_EQ(result.certificate->issuer, "CN=Simulated Public Root");
    } else {
      ++direct;
      EXPECT_EQ(result.proxy_saw, ProxySaw::kNo) << result.probe.name;
    }
  }
  EXPECT_GE(through_proxy, 8U) << "the required endpoints of the public cloud";
  EXPECT_GE(direct, 4U) << "API server, service, IMDS and wireserver";
}

TEST(Simulation, IncludesThreeControlsThatFailedForTheRightReasons) {
  const auto report = simulate({});
  ASSERT_TRUE(report) << report.error().detail;
  const ProbeResult* denied = find(*report, "control: denied endpoint");
  const ProbeResult* expired = find(*report, "control: expired certificate");
  const ProbeResult* ignored = find(*report, "control: noProxy ignored");
  ASSERT_TRUE(denied != nullptr && expired != nullptr && ignored != nullptr);
  EXPECT_EQ(denied->failed_in, Phase::kConnectReply);
  EXPECT_EQ(denied->connect_status, 403);
  EXPECT_EQ(expired->failed_in, Phase::kTls);
  EXPECT_EQ(ignored->proxy_saw, ProxySaw::kYes);
}

TEST(Simulation, CoversAddOnsAndOtherClouds) {
  SimulationOptions options;
  options.query.addons = {"monitor"};
  const auto with_addon = simulate(options);
  ASSERT_TRUE(with_addon) << with_addon.error().detail;
  EXPECT_EQ(exit_code(*with_addon), 0) << summary_line(*with_addon);
  SimulationOptions china;
  china.query.cloud = aks::Cloud::kChina;
  china.query.region = "chinaeast2";
  const auto in_china = simulate(china);
  ASSERT_TRUE(in_china) << in_china.error().detail;
  EXPECT_EQ(exit_code(*in_china), 0) << summary_line(*in_china);
}

TEST(Simulation, RefusesAnUnknownAddOn) {
  SimulationOptions options;
  options.query.addons = {"no-such-addon"};
  const auto report = simulate(options);
  ASSERT_FALSE(report);
  EXPECT_NE(report.error().detail.find("no-such-addon"), std::string::npos);
}

Control control_that_fails_in_tls() {
  Control control;
  control.fails_in = Phase::kTls;
  control.says = "expired";
  return control;
}

ProbeResult failed(Phase phase, const std::string& reason) {
  ProbeResult result;
  result.verdict = Verdict::kFail;
  result.failed_in = phase;
  result.reason = reason;
  return result;
}

TEST(Controls, PassWhenTheProbeFailedAsItMust) {
  const auto judged =
      judge_control(control_that_fails_in_tls(), failed(Phase::kTls, "has expired"));
  EXPECT_EQ(judged.verdict, Verdict::kPass);
}

TEST(Controls, FailWhenTheProbePassed) {
  ProbeResult yes_man;
  yes_man.verdict = Verdict::kPass;
  EXPECT_EQ(judge_control(control_that_fails_in_tls(), yes_man).verdict, Verdict::kFail);
}

TEST(Controls, FailWhenTheProbeFailedForAnotherReason) {
  const Control control = control_that_fails_in_tls();
  EXPECT_EQ(judge_control(control, failed(Phase::kConnect, "has expired")).verdict, Verdict::kFail);
  EXPECT_EQ(judge_control(control, failed(Phase::kTls, "host mismatch")).verdict, Verdict::kFail);
}

}  // namespace
}  // namespace check
