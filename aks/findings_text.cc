#include "aks/findings_text.h"

#include <algorithm>
#include <utility>

#include "aks/excerpt.h"
#include "aks/rules.h"

namespace aks {
namespace {

constexpr size_t kNumberWidth = 5;

std::string counted(size_t count, const std::string& word) {
  const std::string number = count == 0 ? "no" : std::to_string(count);
  return number + " " + word + (count == 1 ? "" : "s");
}

std::string margin(const std::string& number) {
  return std::string(kNumberWidth - std::min(kNumberWidth, number.size()), ' ') + number + " | ";
}

}  // namespace

std::string format_findings(const std::string& file, std::string_view text,
                            const std::vector<Finding>& findings) {
  std::string out;
  std::pair<int, int> shown_last;  // several findings about one place show it once
  for (const Finding& finding : findings) {
    out += file;
    if (finding.line > 0) {
      out += ":" + std::to_string(finding.line) + ":" + std::to_string(finding.column);
    }
    out += ": " + to_string(finding) + "\n";
    const Excerpt shown = excerpt(text, finding.line, finding.column);
    const std::pair place(finding.line, finding.column);
    if (!shown.text.empty() && place != std::exchange(shown_last, place)) {
      out += margin(std::to_string(finding.line)) + shown.text + "\n";
      out += margin("") + shown.caret + "\n";
    }
    if (!finding.fix.empty()) out += margin("") + "write " + finding.fix + "\n";
    const Rule* rule = find_rule(finding.rule);
    if (rule != nullptr && !rule->service_error.empty() && finding.severity != Severity::kNote) {
      out += margin("") + "known from Azure as " + std::string(rule->service_error) + "\n";
    }
  }
  return out;
}

std::string summary_line(const std::vector<Finding>& findings) {
  return counted(count(findings, Severity::kError), "error") + ", " +
         counted(count(findings, Severity::kWarning), "warning") + ", " +
         counted(count(findings, Severity::kNote), "note");
}

}  // namespace aks
