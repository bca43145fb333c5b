#include "check/report_clients.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "check/report_html.h"
#include "check/report_json.h"
#include "check/report_junit.h"
#include "check/report_summary.h"

namespace check {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

ClientRoute route(const char* url, Verdict verdict, Seen seen, const char* reason) {
  ClientRoute out;
  out.url = url;
  out.verdict = verdict;
  out.seen = seen;
  out.reason = reason;
  return out;
}

Report sample() {
  Report report;
  report.clients = {
      {"curl 7.88.1",
       aks::no_proxy::Client::kCurl788,
       "",
       {route("https://a.example/", Verdict::kPass, Seen::kProxy, "proxy: no entry"),
        route("https://10.0.0.1/", Verdict::kFail, Seen::kProxy,
              "predicted <direct>, seen proxy")}},
      {"wget 1.21.3",
       aks::no_proxy::Client::kWget,
       "",
       {route("https://b.example/", Verdict::kWarn, Seen::kProxy, "wants it direct"),
        route("https://c.example/", Verdict::kWarn, Seen::kProxy, "wants it direct")}},
      {"git", std::nullopt, "not installed", {}}};
  return report;
}

TEST(ReportClients, CountsRoutesAndClientsThatWereNotRun) {
  const Counts counts = count(sample());
  EXPECT_EQ(counts.pass, 1U);
  EXPECT_EQ(counts.warn, 2U);
  EXPECT_EQ(counts.fail, 1U);
  EXPECT_EQ(counts.skip, 1U);
  EXPECT_EQ(exit_code(sample()), 1);
  EXPECT_THAT(summary_line(sample()), HasSubstr("4 routes: 1 passed, 2 warnings, 1 failed"));
}

TEST(ReportClients, TellsWhatIsOddOnceForAllItsDestinations) {
  EXPECT_EQ(clients_table(sample(), 80, Colour::kNever),
            "Clients\n"
            "FAIL  curl 7.88.1 by the rules of curl-7.88: 2 destinations: 2 seen at the\n"
            "      proxy, 0 direct; 1 not as predicted\n"
            "      fail  predicted <direct>, seen proxy\n"
            "            https://10.0.0.1/\n"
            "warn  wget 1.21.3 by the rules of wget: 2 destinations: 2 seen at the proxy, 0\n"
            "      direct, as predicted\n"
            "      warn  wants it direct\n"
            "            https://b.example/ https://c.example/\n"
            "skip  git: skipped: not installed\n"
            "\n");
}

TEST(ReportClients, StandInEveryReport) {
  const std::string junit = format_junit(sample());
  EXPECT_THAT(junit, HasSubstr("<testsuite name=\"curl 7.88.1\" tests=\"2\" failures=\"1\""));
  EXPECT_THAT(junit, HasSubstr("message=\"predicted &lt;direct&gt;, seen proxy\""));
  EXPECT_THAT(junit, Not(HasSubstr("through the proxy")));
  const std::string html = format_html(sample());
  EXPECT_THAT(html, HasSubstr("<h2>Clients</h2>"));
  EXPECT_THAT(html, HasSubstr("predicted &lt;direct&gt;, seen proxy"));
  EXPECT_THAT(format_json(sample()), HasSubstr("\"program\": \"wget 1.21.3\""));
}

TEST(ReportClients, AreAbsentWhereProbesWereSent) {
  EXPECT_EQ(clients_table(Report{}, 80, Colour::kNever), "");
  EXPECT_THAT(format_json(Report{}), Not(HasSubstr("\"clients\"")));
}

}  // namespace
}  // namespace check
