#include "check/report_html.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "check/report_markup.h"

namespace check {
namespace {

using namespace std::chrono_literals;
using ::testing::HasSubstr;
using ::testing::Not;

Report sample() {
  Report report;
  report.version = "1.2.3";
  ProbeResult passed;
  passed.verdict = Verdict::kPass;
  passed.probe.name = "a.example:443";
  passed.phases[Phase::kConnect] = 10ms;
  passed.phases[Phase::kTls] = 30ms;
  passed.certificate = Certificate{"CN=a", "CN=Root", std::nullopt};
  ProbeResult failed = passed;
  failed.verdict = Verdict::kFail;
  failed.probe.name = "b.example:443";
  failed.next_step = "Allow it.";
  report.results = {passed, failed};
  return report;
}

TEST(ReportHtml, NeedsNothingFromElsewhere) {
  const std::string html = format_html(sample());
  for (const char* outside :
       {"src=", "href=", "url(", "@import", "http://", "https://", "fetch("}) {
    EXPECT_THAT(html, Not(HasSubstr(outside)));
  }
  EXPECT_THAT(html, HasSubstr("default-src 'none'"));
  EXPECT_THAT(html, HasSubstr("prefers-color-scheme: dark"));
}

TEST(ReportHtml, ShowsFailuresFirstWithTheirNextStep) {
  const std::string html = format_html(sample());
  EXPECT_LT(html.find("b.example:443"), html.find("a.example:443"));
  EXPECT_THAT(html, HasSubstr("<p class=\"next\">Allow it.</p>"));
  EXPECT_THAT(html, HasSubstr("<h1>The check failed</h1>"));
}

TEST(ReportHtml, HasCausesBeforeRowsAndFoldsWhatPassed) {
  Report report = sample();
  report.command = "sluice check -f <x>";
  report.difference.emplace();
  report.difference->worse = {{"b.example:443", "pass", "fail"}};
  const std::string html = format_html(report);
  EXPECT_LT(html.find("<h2>Causes</h2>"), html.find("<tr data-verdict=\"fail\">"));
  EXPECT_THAT(html, HasSubstr("<span class=\"verdict fail\">1 row</span>"));
  EXPECT_LT(html.find("<summary>Passed: 1</summary>"), html.find("<tr data-verdict=\"pass\">"));
  EXPECT_LT(html.find("<tr data-verdict=\"fail\">"), html.find("<summary>Passed: 1</summary>"));
  EXPECT_THAT(html, HasSubstr("Again: <code>sluice check -f &lt;x&gt;</code>"));
  EXPECT_THAT(html, HasSubstr("<li>worse: b.example:443, pass -&gt; fail</li>"));
}

TEST(ReportHtml, TellsPhasesToEyesAndScreenReaders) {
  const std::string html = format_html(sample());
  EXPECT_THAT(html, HasSubstr("aria-label=\"connect 10 ms, TLS 30 ms\""));
  EXPECT_THAT(html, HasSubstr("<i class=\"tls\" style=\"width:75.00%\"></i>"));
}

TEST(ReportHtml, EscapesEverythingThatOthersWrote) {
  constexpr char kEvil[] = "</script><script>alert(1)</script>\"'<b>\x1b\xff";
  Report report = sample();
  report.version = report.http_proxy = report.https_proxy = report.fqdn = report.region = kEvil;
  report.cloud = report.catalogue = report.command = kEvil;
  report.difference = Difference{kEvil, {{kEvil, kEvil, kEvil}}, {}, {}, {}};
  report.addons = report.notes = {kEvil};
  report.findings = {{aks::Severity::kError, kEvil, kEvil, kEvil}};
  report.no_proxy = {{kEvil, aks::NoProxySource::kUser}};
  for (ProbeResult& result : report.results) {
    result.probe.name = result.probe.why = result.reason = result.next_step = kEvil;
    result.probe.groups = {kEvil};
    result.certificate = Certificate{kEvil, kEvil, std::nullopt};
  }
  const std::string html = format_html(report);
  EXPECT_THAT(html, Not(HasSubstr("alert(1)</script>\"")));
  EXPECT_THAT(html, Not(HasSubstr("<script>alert")));
  EXPECT_THAT(html, Not(HasSubstr("\x1b")));
  EXPECT_THAT(html, Not(HasSubstr("\xff")));
  EXPECT_EQ(html.find("</script>"), html.rfind("</script>"));
}

TEST(ReportHtml, PrintsAnEmptyReport) { EXPECT_THAT(format_html(Report{}), HasSubstr("0 probes")); }

TEST(ReportMarkup, EscapesMarkup) {
  EXPECT_EQ(escape_markup("a<b>&\"'"), "a&lt;b&gt;&amp;&quot;&#39;");
}

TEST(ReportMarkup, KeepsUtf8AndReplacesTheRest) {
  constexpr char kBad[] = "\xef\xbf\xbd";
  for (const char* good : {"caf\xc3\xa9", "\xe2\x82\xac", "\xf0\x9f\x99\x82", "a\tb\nc\r"}) {
    EXPECT_EQ(escape_markup(good), good);
  }
  for (const char* bad : {"\x01", "\x7f", "\xff", "\x80", "\xc2\x85", "\xf5"}) {
    EXPECT_THAT(escape_markup(bad), HasSubstr(kBad)) << testing::PrintToString(bad);
  }
  EXPECT_EQ(escape_markup("\xe2\x82"), std::string(kBad) + kBad);
  EXPECT_EQ(escape_markup("\xc3<"), std::string(kBad) + "&lt;");
  EXPECT_EQ(escape_markup(std::string_view("\0", 1)), kBad);
}

}  // namespace
}  // namespace check
