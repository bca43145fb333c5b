#include "check/report_json.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

namespace check {
namespace {

using namespace std::chrono_literals;

TEST(ReportJson, TellsWhatAProbeFound) {
  Report report;
  report.version = "1.2.3";
  report.started = base::WallTime(1787300000s);
  report.elapsed = 3140ms;
  ProbeResult result;
  result.verdict = Verdict::kFail;
  result.probe.name = "*.a.example:443";
  result.probe.kind = ProbeKind::kConnectTls;
  result.probe.host = "x.a.example";
  result.probe.port = 443;
  result.phases[Phase::kConnect] = 1500us;
  result.failed_in = Phase::kConnectReply;
  result.connect_status = 403;
  result.inspected = Inspected::kYes;
  result.certificate = Certificate{"CN=x", "CN=\"Corp\" CA", base::WallTime(1800000000s)};
  report.results = {result};

  const auto json = nlohmann::json::parse(format_json(report));
  EXPECT_EQ(json["sluice"], "1.2.3");
  EXPECT_EQ(json["verdict"], "fail");
  EXPECT_EQ(json["started"], "2026-08-21T08:13:20Z");
  EXPECT_EQ(json["summary"]["fail"], 1);
  const auto& probe = json["results"][0];
  EXPECT_EQ(probe["verdict"], "fail");
  EXPECT_EQ(probe["host"], "x.a.example");
  EXPECT_EQ(probe["phases_ms"], nlohmann::json({{"connect", 1.5}}));
  EXPECT_EQ(probe["failed_in"], "connect_reply");
  EXPECT_EQ(probe["connect_status"], 403);
  EXPECT_EQ(probe["inspected"], "yes");
  EXPECT_EQ(probe["certificate"]["issuer"], "CN=\"Corp\" CA");
  EXPECT_EQ(probe["certificate"]["not_after"], "2027-01-15T08:00:00Z");
  EXPECT_FALSE(probe.contains("http_status"));
  EXPECT_EQ(json["causes"][0]["verdict"], "fail");
  EXPECT_EQ(json["causes"][0]["rows"], nlohmann::json({"*.a.example:443"}));
  EXPECT_FALSE(json.contains("command") || json.contains("difference"));
}

TEST(ReportJson, IsPlainAsciiWhateverTheNetworkSaid) {
  Report report;
  ProbeResult result;
  result.reason = "caf\xc3\xa9 \xff \x1b[2J\n";
  report.results = {result};
  const std::string text = format_json(report);
  for (const char c : text) EXPECT_TRUE(c == '\n' || (c >= ' ' && c <= '~'));
  EXPECT_EQ(nlohmann::json::parse(text)["results"][0]["reason"],
            "caf\xc3\xa9 \xef\xbf\xbd \x1b[2J\n");
}

TEST(ReportJson, PrintsAnEmptyReport) {
  const auto json = nlohmann::json::parse(format_json(Report{}));
  EXPECT_TRUE(json["results"].empty());
  EXPECT_EQ(json["verdict"], "fail");
}

}  // namespace
}  // namespace check
