#include "check/report_clients.h"

#include <algorithm>

#include "base/escape.h"
#include "base/layout.h"
#include "check/report_markup.h"
#include "check/report_summary.h"

namespace check {
namespace {

constexpr size_t kIndent = 6;

Counts count(const ClientRun& run) {
  Counts counts;
  for (const ClientRoute& route : run.routes) counts.add(route.verdict);
  return counts;
}

// Routes that say the same about their destinations, told once.
struct Told {
  Verdict verdict;
  std::string reason;
  std::string urls;
};

std::vector<Told> odd_routes(const ClientRun& run) {
  std::vector<Told> told;
  for (const ClientRoute& route : run.routes) {
    if (route.verdict == Verdict::kPass) continue;
    const auto same = std::find_if(told.begin(), told.end(), [&route](const Told& each) {
      return each.verdict == route.verdict && each.reason == route.reason;
    });
    if (same == told.end()) {
      told.push_back({route.verdict, route.reason, route.url});
    } else {
      same->urls += " " + route.url;
    }
  }
  return told;
}

std::string rules_of(const ClientRun& run) {
  return run.rules ? std::string(token_of(*run.rules)) : "";
}

std::string attribute(const char* name, std::string_view value) {
  return std::string(" ") + name + "=\"" + escape_markup(value) + "\"";
}

std::string test_case(const ClientRun& run, const ClientRoute& route) {
  std::string xml = "    <testcase" + attribute("classname", "sluice.clients." + rules_of(run)) +
                    attribute("name", route.url) + ">";
  const std::string reason = attribute("message", route.reason);
  switch (route.verdict) {
    case Verdict::kPass: return xml + "</testcase>\n";
    case Verdict::kWarn:
      return xml + "<system-out>" + escape_markup("Warning: " + route.reason) +
             "</system-out></testcase>\n";
    case Verdict::kFail:
      return xml + "<failure" + attribute("type", token_of(route.predicted.rule)) + reason +
             "></failure></testcase>\n";
    case Verdict::kSkip: return xml + "<skipped" + reason + "/></testcase>\n";
  }
  return xml;
}

std::string html_row(const ClientRoute& route) {
  const std::string verdict(token_of(route.verdict));
  return "<tr><td><span class=\"verdict " + verdict + "\">" + verdict + "</span></td><td><code>" +
         escape_markup(route.url) + "</code></td><td>" +
         std::string(token_of(route.predicted.outcome)) + "</td><td>" +
         std::string(token_of(route.seen)) + "</td><td>" + escape_markup(route.reason) +
         "</td></tr>\n";
}

}  // namespace

Verdict overall(const ClientRun& run) {
  const Counts counts = count(run);
  if (counts.fail > 0) return Verdict::kFail;
  if (counts.tried() == 0) return Verdict::kSkip;
  return counts.warn > 0 ? Verdict::kWarn : Verdict::kPass;
}

std::string summary(const ClientRun& run) {
  if (!run.skipped.empty()) return "skipped: " + run.skipped;
  size_t direct = 0;
  size_t proxied = 0;
  for (const ClientRoute& route : run.routes) {
    direct += route.seen == Seen::kDirect ? 1U : 0U;
    proxied += route.seen == Seen::kProxy ? 1U : 0U;
  }
  const Counts counts = count(run);
  std::string text = std::to_string(run.routes.size()) +
                     " destinations: " + std::to_string(proxied) + " seen at the proxy, " +
                     std::to_string(direct) + " direct";
  if (counts.fail > 0) return text + "; " + std::to_string(counts.fail) + " not as predicted";
  return text + (counts.skip > 0 ? "; " + std::to_string(counts.skip) + " not testable"
                                 : ", as predicted");
}

std::string clients_table(const Report& report, size_t width, Colour colour) {
  if (report.clients.empty()) return "";
  std::string out = "Clients\n";
  for (const ClientRun& run : report.clients) {
    const Verdict verdict = overall(run);
    const std::string word = verdict == Verdict::kFail ? "FAIL" : std::string(token_of(verdict));
    const std::string rules = run.rules ? " by the rules of " + rules_of(run) : "";
    out += painted(word, verdict, colour) + "  ";
    base::hang(
        out,
        base::wrap(base::printable(run.program + rules + ": " + summary(run)), width - kIndent),
        kIndent);
    for (const Told& told : odd_routes(run)) {
      out += std::string(kIndent, ' ') +
             painted(std::string(token_of(told.verdict)), told.verdict, colour) + "  ";
      base::hang(out, base::wrap(base::printable(told.reason), width - 2 * kIndent), 2 * kIndent);
      out += std::string(2 * kIndent, ' ');
      base::hang(
          out,
          base::wrap(base::printable(told.urls, base::Spaces::kKeep, 4096), width - 2 * kIndent),
          2 * kIndent);
    }
  }
  return out + "\n";
}

std::string clients_junit(const Report& report) {
  std::string xml;
  for (const ClientRun& run : report.clients) {
    const Counts counts = count(run);
    const bool skipped = !run.skipped.empty();
    const size_t skips = counts.skip + (skipped ? 1 : 0);
    xml += "  <testsuite" + attribute("name", run.program) +
           attribute("tests", std::to_string(counts.tried() + skips)) +
           attribute("failures", std::to_string(counts.fail)) + attribute("errors", "0") +
           attribute("skipped", std::to_string(skips)) + attribute("time", "0") +
           attribute("timestamp", format_time(report.started).substr(0, 19)) + ">\n";
    if (skipped) {
      xml += "    <testcase" + attribute("classname", "sluice.clients") +
             attribute("name", run.program) + "><skipped" + attribute("message", run.skipped) +
             "/></testcase>\n";
    }
    for (const ClientRoute& route : run.routes) xml += test_case(run, route);
    xml += "  </testsuite>\n";
  }
  return xml;
}

std::string clients_html(const Report& report) {
  if (report.clients.empty()) return "";
  std::string html = "<section><h2>Clients</h2>\n";
  for (const ClientRun& run : report.clients) {
    const Verdict verdict = overall(run);
    const bool odd = verdict == Verdict::kFail || verdict == Verdict::kWarn;
    html += std::string("<details") + (odd ? " open" : "") + "><summary><span class=\"verdict " +
            std::string(token_of(verdict)) + "\">" + std::string(token_of(verdict)) + "</span> " +
            escape_markup(run.program + (run.rules ? " (" + rules_of(run) + ")" : "") + ": " +
                          summary(run)) +
            "</summary>";
    if (!run.routes.empty()) {
      html +=
          "<table class=\"plain\"><thead><tr><th scope=\"col\">Verdict</th><th "
          "scope=\"col\">Destination</th><th scope=\"col\">Predicted</th><th "
          "scope=\"col\">Seen</th><th scope=\"col\">Result</th></tr></thead><tbody>\n";
      for (const ClientRoute& route : run.routes) html += html_row(route);
      html += "</tbody></table>";
    }
    html += "</details>\n";
  }
  return html + "</section>\n";
}

}  // namespace check
