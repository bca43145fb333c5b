#include "check/report_causes.h"

#include <algorithm>
#include <map>
#include <tuple>

namespace check {
namespace {

void replace_all(std::string& text, const std::string& what, const std::string& with) {
  if (what.empty()) return;
  for (size_t at = text.find(what); at != std::string::npos; at = text.find(what, at)) {
    text.replace(at, what.size(), with);
    at += with.size();
  }
}

std::string common_reason(const ProbeResult& result) {
  std::string text = result.reason;
  replace_all(text, result.probe.host, "HOST");
  return text;
}

std::string common_fix(const ProbeResult& result) {
  const Probe& probe = result.probe;
  std::string text = result.next_step;
  // What one of them is for stands beside its row.
  if (!probe.why.empty()) replace_all(text, ": " + probe.why, "");
  replace_all(text, probe.host + " on port " + std::to_string(probe.port), "them");
  replace_all(text, probe.host, "them");
  return text;
}

}  // namespace

std::vector<RowGroup> group_rows(const Report& report, const std::vector<size_t>& rows) {
  using Key = std::tuple<Verdict, std::string, std::string>;
  std::vector<RowGroup> groups;
  std::map<Key, size_t> known;
  for (const size_t row : rows) {
    const ProbeResult& result = report.results[row];
    Key key{result.verdict, common_reason(result), common_fix(result)};
    const auto [at, is_new] = known.emplace(std::move(key), groups.size());
    if (is_new) groups.push_back({result.verdict, result.reason, result.next_step, {}, {}});
    RowGroup& group = groups[at->second];
    group.rows.push_back(row);
    group.slowest = std::max(group.slowest, result.phases.total());
    if (group.rows.size() == 2) std::tie(std::ignore, group.what, group.fix) = at->first;
  }
  return groups;
}

std::vector<RowGroup> causes_of(const Report& report) {
  std::vector<size_t> rows;
  for (size_t i = 0; i < report.results.size(); ++i) {
    const Verdict verdict = report.results[i].verdict;
    if (verdict == Verdict::kFail || verdict == Verdict::kWarn) rows.push_back(i);
  }
  std::vector<RowGroup> causes = group_rows(report, rows);
  std::stable_sort(causes.begin(), causes.end(), [](const RowGroup& a, const RowGroup& b) {
    if (a.verdict != b.verdict) return a.verdict == Verdict::kFail;
    return a.rows.size() > b.rows.size();
  });
  return causes;
}

bool is_control(const ProbeResult& result) {
  const auto& groups = result.probe.groups;
  return std::find(groups.begin(), groups.end(), "control") != groups.end();
}

std::string names_of(const Report& report, const RowGroup& group) {
  std::string names;
  for (const size_t row : group.rows)
    names += (names.empty() ? "" : ", ") + report.results[row].probe.name;
  return names;
}

}  // namespace check
