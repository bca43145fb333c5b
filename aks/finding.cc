#include "aks/finding.h"

#include <algorithm>

#include "base/escape.h"

namespace aks {

bool has_errors(const std::vector<Finding>& findings) {
  return std::any_of(findings.begin(), findings.end(),
                     [](const Finding& f) { return f.severity == Severity::kError; });
}

size_t count(const std::vector<Finding>& findings, Severity severity) {
  const auto same = [severity](const Finding& f) { return f.severity == severity; };
  return static_cast<size_t>(std::count_if(findings.begin(), findings.end(), same));
}

std::string_view token_of(Severity severity) {
  switch (severity) {
    case Severity::kNote: return "note";
    case Severity::kWarning: return "warning";
    case Severity::kError: return "error";
  }
  return "error";
}

std::string to_string(const Finding& finding) {
  return std::string(token_of(finding.severity)) + ": " + finding.path + ": " + finding.message +
         " [" + finding.rule + "]";
}

std::string json_string(std::string_view text) {
  std::string out;
  base::append_json_string(out, text, text.size());
  return out;
}

std::string cite(std::string_view text) {
  constexpr size_t kMaxCited = 120;  // long enough for every legal name but a few, short in a table
  return '"' + base::printable(text, base::Spaces::kKeep, kMaxCited) + '"';
}

}  // namespace aks
