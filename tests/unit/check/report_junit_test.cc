#include "check/report_junit.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <vector>

namespace check {
namespace {

using namespace std::chrono_literals;
using ::testing::HasSubstr;

// "" when `xml` is well-formed as far as this format goes (elements, attributes in double quotes,
// references, no comments or CDATA), else what is wrong.
std::string problem_of(std::string_view xml) {
  std::vector<std::string> open;
  for (const char c : xml) {
    const auto octet = static_cast<unsigned char>(c);
    if (octet < 0x20 && c != '\n' && c != '\t' && c != '\r') return "control character";
  }
  constexpr std::string_view kDeclaration = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n";
  if (!xml.starts_with(kDeclaration)) return "no declaration";
  xml.remove_prefix(kDeclaration.size());
  while (!xml.empty()) {
    if (xml.front() == '&') {
      const std::string_view name = xml.substr(1, xml.find(';') - 1);
      if (name != "amp" && name != "lt" && name != "gt" && name != "quot" && name != "#39") {
        return "reference " + std::string(name.substr(0, 20));
      }
      xml.remove_prefix(name.size() + 2);
      continue;
    }
    if (xml.front() != '<') {
      if (open.empty() && xml.front() != '\n') return "text outside the root";
      xml.remove_prefix(1);
      continue;
    }
    const size_t end = xml.find('>');
    if (end == std::string_view::npos) return "open tag";
    std::string_view tag = xml.substr(1, end - 1);
    xml.remove_prefix(end + 1);
    if (tag.starts_with('/')) {
      if (open.empty() || open.back() != tag.substr(1)) return "mismatch " + std::string(tag);
      open.pop_back();
      continue;
    }
    const bool empty = tag.ends_with('/');
    if (empty) tag.remove_suffix(1);
    const std::string name(tag.substr(0, tag.find(' ')));
    tag.remove_prefix(name.size());
    while (!tag.empty()) {
      const size_t quote = tag.find("=\"");
      if (tag.front() != ' ' || quote == std::string_view::npos) return "attribute in " + name;
      const size_t closing = tag.find('"', quote + 2);
      if (closing == std::string_view::npos) return "attribute value in " + name;
      if (tag.substr(0, closing).find('<') != std::string_view::npos) return "< in an attribute";
      tag.remove_prefix(closing + 1);
    }
    if (!empty) open.push_back(name);
  }
  return open.empty() ? "" : "unclosed " + open.back();
}

ProbeResult result(Verdict verdict, const char* name, aks::Route route) {
  ProbeResult out;
  out.verdict = verdict;
  out.probe.name = name;
  out.probe.route = route;
  out.probe.groups = {"core"};
  out.reason = "because";
  out.phases[Phase::kConnect] = 1500us;
  return out;
}

TEST(ReportJunit, HasASuiteForEachRoute) {
  Report report;
  report.started = base::WallTime(1787300000s);
  report.elapsed = 2s;
  report.results = {result(Verdict::kPass, "a:443", aks::Route::kProxy),
                    result(Verdict::kFail, "b:443", aks::Route::kProxy),
                    result(Verdict::kWarn, "c:443", aks::Route::kDirect),
                    result(Verdict::kSkip, "d", aks::Route::kDirect)};
  report.results[1].failed_in = Phase::kTls;
  report.results[1].next_step = "Do it.";
  EXPECT_EQ(format_junit(report),
            R"(<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="sluice check" tests="4" failures="1" errors="0" skipped="1" time="2.000000">
  <testsuite name="through the proxy" tests="2" failures="1" errors="0" skipped="0" time="0.003000" timestamp="2026-08-21T08:13:20">
    <testcase classname="sluice.check.core" name="a:443" time="0.001500"></testcase>
    <testcase classname="sluice.check.core" name="b:443" time="0.001500"><failure type="tls" message="because">because
Next step: Do it.
Phase: tls</failure></testcase>
  </testsuite>
  <testsuite name="direct" tests="2" failures="0" errors="0" skipped="1" time="0.003000" timestamp="2026-08-21T08:13:20">
    <testcase classname="sluice.check.core" name="c:443" time="0.001500"><system-out>Warning: because</system-out></testcase>
    <testcase classname="sluice.check.core" name="d" time="0.001500"><skipped message="because"/></testcase>
  </testsuite>
</testsuites>
)");
  EXPECT_EQ(problem_of(format_junit(report)), "");
}

TEST(ReportJunit, StaysWellFormedWhateverTheNetworkSaid) {
  for (const char* text : {"<a>&b;\"'", "]]>", "\x01\x1b[2J\x7f", "\xff\xfe", "\xc0\xaf",
                           "\xed\xa0\x80", "\xef\xbf\xbf", "a\xe2\x82", "caf\xc3\xa9"}) {
    Report report;
    report.results = {result(Verdict::kFail, text, aks::Route::kProxy),
                      result(Verdict::kWarn, text, aks::Route::kDirect),
                      result(Verdict::kSkip, text, aks::Route::kDirect)};
    for (ProbeResult& each : report.results) {
      each.reason = each.next_step = text;
      each.probe.groups = {text};
      each.certificate = Certificate{text, text, std::nullopt};
    }
    EXPECT_EQ(problem_of(format_junit(report)), "") << testing::PrintToString(text);
  }
}

TEST(ReportJunit, IsCaughtByTheCheckerWhenBroken) {
  constexpr char kHead[] = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n";
  for (const char* body :
       {"<a>", "<a></b>", "<a b=c/>", "<a>&x;</a>", "<a b=\"c/>", "x", "<a>\x01</a>"}) {
    EXPECT_NE(problem_of(std::string(kHead) + body), "") << body;
  }
}

}  // namespace
}  // namespace check
