#include "check/report_html.h"

#include <algorithm>

#include "check/baseline.h"
#include "check/report_causes.h"
#include "check/report_clients.h"
#include "check/report_markup.h"
#include "check/report_summary.h"

namespace check {
namespace {

std::string headline(const Report& report) {
  switch (overall(report)) {
    case Verdict::kFail: return "The check failed";
    case Verdict::kWarn: return "The check passed with warnings";
    default: return "The check passed";
  }
}

std::string fact(const char* term, const std::string& value) {
  if (value.empty()) return "";
  return std::string("<div><dt>") + term + "</dt><dd>" + escape_markup(value) + "</dd></div>\n";
}

std::string joined(const std::vector<std::string>& items) {
  std::string text;
  for (const std::string& item : items) text += (text.empty() ? "" : ", ") + item;
  return text;
}

std::string facts(const Report& report) {
  const bool same = report.http_proxy == report.https_proxy;
  return "<dl>\n" + fact(same ? "Proxy" : "Proxy for https", report.https_proxy) +
         (same ? "" : fact("Proxy for http", report.http_proxy)) + fact("API server", report.fqdn) +
         fact("Cloud", report.cloud) + fact("Region", report.region) +
         fact("Add-ons", joined(report.addons)) + fact("Started", format_time(report.started)) +
         fact("Took", short_duration(report.elapsed)) + fact("Endpoints from", report.catalogue) +
         "</dl>\n";
}

std::string tile(const char* verdict, const char* label, size_t number) {
  return std::string("<button type=\"button\" class=\"tile ") + verdict + "\" data-filter=\"" +
         verdict + "\" aria-pressed=\"true\"><b>" + std::to_string(number) + "</b> " + label +
         "</button>\n";
}

std::string tiles(const Counts& counts) {
  return "<div class=\"tiles\" role=\"group\" aria-label=\"Show results by verdict\">\n" +
         tile("fail", "failed", counts.fail) + tile("warn", "warnings", counts.warn) +
         tile("pass", "passed", counts.pass) + tile("skip", "skipped", counts.skip) +
         "<input type=\"search\" id=\"find\" placeholder=\"Find a host\" "
         "aria-label=\"Find a host\"></div>\n";
}

std::string causes(const Report& report) {
  std::string items;
  for (const RowGroup& cause : causes_of(report)) {
    const std::string verdict(token_of(cause.verdict));
    const std::string rows =
        std::to_string(cause.rows.size()) + (cause.rows.size() == 1 ? " row" : " rows");
    items += "<li><p><span class=\"verdict " + verdict + "\">" + rows + "</span> " +
             escape_markup(cause.what) + "</p>";
    if (!cause.fix.empty()) items += "<p class=\"next\">" + escape_markup(cause.fix) + "</p>";
    items += "<p class=\"cert\">" + escape_markup(names_of(report, cause)) + "</p></li>\n";
  }
  if (items.empty()) return "";
  return "<section class=\"causes\"><h2>Causes</h2><ol>\n" + items + "</ol></section>\n";
}

std::string difference(const Report& report) {
  if (!report.difference) return "";
  std::string html;
  for (const std::string& line : difference_lines(*report.difference)) {
    html += html.empty() ? "<section><h2>" + escape_markup(line) + "</h2><ul>\n"
                         : "<li>" + escape_markup(line.substr(2)) + "</li>\n";
  }
  return html + "</ul></section>\n";
}

// One table of those rows.
std::string table(const Report& report, const std::vector<size_t>& rows,
                  std::chrono::microseconds slowest) {
  std::string html =
      "<div class=\"scroll\"><table>\n<thead><tr><th scope=\"col\">Verdict</th>"
      "<th scope=\"col\">Destination</th><th scope=\"col\">Route</th>"
      "<th scope=\"col\">Time by phase</th><th scope=\"col\">Result</th></tr></thead>\n<tbody>\n";
  for (const size_t row : rows) html += html_row(report.results[row], slowest, report.inspecting);
  return html + "</tbody></table></div>\n";
}

// Rows that need no attention, opened on request.
std::string folded(const Report& report, const std::vector<size_t>& rows, const std::string& title,
                   std::chrono::microseconds slowest) {
  if (rows.empty()) return "";
  return "<details class=\"rows\"><summary>" + title + ": " + std::to_string(rows.size()) +
         "</summary>\n" + table(report, rows, slowest) + "</details>\n";
}

// What needs attention comes first and open; controls, which are about the harness, stand apart.
std::string tables(const Report& report) {
  std::chrono::microseconds slowest{1};
  std::vector<size_t> failed, warned, passed, controls, skipped;
  for (size_t i = 0; i < report.results.size(); ++i) {
    const ProbeResult& result = report.results[i];
    slowest = std::max(slowest, result.phases.total());
    switch (result.verdict) {
      case Verdict::kFail: failed.push_back(i); break;
      case Verdict::kWarn: warned.push_back(i); break;
      case Verdict::kSkip: skipped.push_back(i); break;
      case Verdict::kPass: (is_control(result) ? controls : passed).push_back(i); break;
    }
  }
  failed.insert(failed.end(), warned.begin(), warned.end());
  std::string html =
      "<p class=\"legend\" aria-hidden=\"true\"><i class=\"connect\"></i>connect "
      "<i class=\"proxy_tls\"></i>TLS to proxy <i class=\"connect_reply\"></i>CONNECT "
      "<i class=\"tls\"></i>TLS <i class=\"http\"></i>HTTP</p>\n";
  if (!failed.empty()) html += table(report, failed, slowest);
  return html + folded(report, passed, "Passed", slowest) +
         folded(report, controls, "Controls, which have to fail and did", slowest) +
         folded(report, skipped, "Not tried", slowest) +
         "<p id=\"none\" hidden>No result matches the filters.</p>\n";
}

std::string command(const Report& report) {
  if (report.command.empty()) return "";
  return "<p class=\"again\">Again: <code>" + escape_markup(report.command) + "</code></p>\n";
}

std::string remarks(const Report& report) {
  std::string items;
  for (const aks::Finding& finding : report.findings) {
    const std::string severity(aks::token_of(finding.severity));
    items += "<li><b>" + severity + "</b> <code>" + escape_markup(finding.path) + "</code> " +
             escape_markup(finding.message) + "</li>\n";
  }
  for (const std::string& note : report.notes) items += "<li>" + escape_markup(note) + "</li>\n";
  if (items.empty()) return "";
  return "<section><h2>Notes</h2><ul>\n" + items + "</ul></section>\n";
}

std::string no_proxy(const Report& report) {
  if (report.no_proxy.empty()) return "";
  std::string html = "<details><summary>Effective noProxy, " +
                     std::to_string(report.no_proxy.size()) +
                     " entries</summary><table class=\"plain\"><thead><tr><th "
                     "scope=\"col\">Entry</th><th scope=\"col\">Why</th></tr></thead><tbody>\n";
  for (const aks::EffectiveEntry& entry : report.no_proxy) {
    html += "<tr><td><code>" + escape_markup(entry.text) + "</code></td><td>" +
            escape_markup(aks::describe(entry.source)) + "</td></tr>\n";
  }
  return html + "</tbody></table></details>\n";
}

}  // namespace

std::string format_html(const Report& report) {
  const std::string title = headline(report);
  const std::string verdict(token_of(overall(report)));
  std::string html =
      "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
      "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; "
      "style-src 'unsafe-inline'; script-src 'unsafe-inline'; base-uri 'none'; "
      "form-action 'none'\">\n"
      "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
      "<meta name=\"color-scheme\" content=\"light dark\">\n<title>" +
      title + " - sluice check</title>\n<style>\n";
  html += report_style();
  html += "</style>\n</head>\n<body>\n<header class=\"" + verdict +
          "\">\n<p class=\"brand\">sluice check" +
          std::string(report.setting == Setting::kSimulated ? " --simulate" : "") +
          (report.inspecting == Inspecting::kExpected ? " --inspect" : "") + " " +
          escape_markup(report.version) + "</p>\n<h1>" + title + "</h1>\n<p>" +
          escape_markup(summary_line(report)) + "</p>\n</header>\n<main>\n";
  html += facts(report) + causes(report) + difference(report) +
          (report.clients.empty() ? tiles(count(report)) + tables(report) : clients_html(report)) +
          command(report) + remarks(report) + no_proxy(report);
  html += "</main>\n<script>\n";
  html += report_script();
  return html + "</script>\n</body>\n</html>\n";
}

}  // namespace check
