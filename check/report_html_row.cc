#include <algorithm>
#include <array>
#include <cstdio>

#include "check/inspection.h"
#include "check/report_html.h"
#include "check/report_markup.h"
#include "check/report_summary.h"

namespace check {
namespace {

std::string_view word_of(Verdict verdict) {
  switch (verdict) {
    case Verdict::kPass: return "Passed";
    case Verdict::kWarn: return "Warning";
    case Verdict::kFail: return "Failed";
    case Verdict::kSkip: return "Skipped";
  }
  return "Skipped";
}

std::string_view words_of(Phase phase) {
  switch (phase) {
    case Phase::kConnect: return "connect";
    case Phase::kProxyTls: return "TLS to proxy";
    case Phase::kConnectReply: return "CONNECT";
    case Phase::kTls: return "TLS";
    case Phase::kHttp: return "HTTP";
  }
  return "";
}

std::string percent(std::chrono::microseconds part, std::chrono::microseconds whole) {
  const double share = whole.count() == 0 ? 0.0
                                          : 100.0 * static_cast<double>(part.count()) /
                                                static_cast<double>(whole.count());
  std::array<char, 16> text{};
  std::snprintf(text.data(), text.size(), "%.2f", std::min(share, 100.0));
  return text.data();
}

// A bar as long as the probe took, compared with the slowest, in pieces by phase.
std::string bar(const PhaseDurations& phases, std::chrono::microseconds slowest) {
  std::string pieces;
  std::string spoken;
  for (const Phase phase : kAllPhases) {
    if (!phases[phase]) continue;
    const std::string words = std::string(words_of(phase)) + " " + short_duration(*phases[phase]);
    pieces += "<i class=\"" + std::string(token_of(phase)) +
              "\" style=\"width:" + percent(*phases[phase], slowest) + "%\"></i>";
    spoken += (spoken.empty() ? "" : ", ") + words;
  }
  if (pieces.empty()) return "";
  const std::string label = escape_markup(spoken);
  return "<span class=\"time\">" + short_duration(phases.total()) +
         "</span><span class=\"bar\" role=\"img\" aria-label=\"" + label + "\" title=\"" + label +
         "\">" + pieces + "</span>";
}

std::string certificate(const ProbeResult& result) {
  if (!result.certificate) return "";
  const Certificate& leaf = *result.certificate;
  std::string html = "<p class=\"cert\">Issued by " + escape_markup(leaf.issuer);
  if (leaf.not_after) {
    html += ", <span class=\"date\">valid until " + format_time(*leaf.not_after).substr(0, 10) +
            "</span>";
  }
  return html + "</p>";
}

// Told where it was asked for, and where it must not go unnoticed.
std::string inspection(const ProbeResult& result, Inspecting inspecting) {
  const bool inspected = result.inspected == Inspected::kYes;
  const bool known = result.inspected != Inspected::kUnknown;
  if (!inspected && (inspecting == Inspecting::kNotAsked || !known)) return "";
  return std::string("<p class=\"cert\"><b>") + (inspected ? "Inspected" : "Not inspected") +
         "</b>" + (inspected ? " " : ": ") + escape_markup(inspection_words(result)) + "</p>";
}

std::string groups(const Probe& probe) {
  std::string html;
  for (const std::string& group : probe.groups) {
    html += "<span class=\"group\">" + escape_markup(group) + "</span> ";
  }
  return html;
}

std::string route(const ProbeResult& result) {
  if (result.probe.route == aks::Route::kProxy) return "proxy";
  switch (result.proxy_saw) {
    case ProxySaw::kYes: return "direct<br><small>seen by the proxy</small>";
    case ProxySaw::kNo: return "direct<br><small>not seen by the proxy</small>";
    case ProxySaw::kUnknown: return "direct";
  }
  return "direct";
}

}  // namespace

std::string html_row(const ProbeResult& result, std::chrono::microseconds slowest,
                     Inspecting inspecting) {
  const std::string verdict(token_of(result.verdict));
  const Probe& probe = result.probe;
  std::string html = "<tr data-verdict=\"" + verdict + "\"><td><span class=\"verdict " + verdict +
                     "\">" + std::string(word_of(result.verdict)) + "</span></td>";
  html += "<th scope=\"row\"><code>" + escape_markup(probe.name) + "</code><p>" +
          escape_markup(probe.why) + "</p>" + groups(probe) + "</th>";
  html += "<td class=\"route\">" + route(result) + "</td>";
  html += "<td class=\"phases\">" + bar(result.phases, slowest) + "</td>";
  html += "<td class=\"detail\"><p>" + escape_markup(result.reason) + "</p>";
  if (!result.next_step.empty()) {
    html += "<p class=\"next\">" + escape_markup(result.next_step) + "</p>";
  }
  return html + inspection(result, inspecting) + certificate(result) + "</td></tr>\n";
}

}  // namespace check
