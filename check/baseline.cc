#include "check/baseline.h"

#include <map>
#include <nlohmann/json.hpp>
#include <optional>

namespace check {
namespace {

using nlohmann::json;
using Key = std::pair<std::string, std::string>;  // name and route

base::Failure refuse(const std::string& what) {
  return base::fail(base::ErrorCode::kBadRequest, base::Party::kClient,
                    what + "; expected what `sluice check --json` wrote");
}

std::string text(const json& object, const char* key) {
  const auto found = object.find(key);
  return found != object.end() && found->is_string() ? found->get<std::string>() : std::string();
}

// How bad a verdict is; nullopt for a word that is none.
std::optional<int> weight_of(std::string_view verdict) {
  for (const Verdict each : {Verdict::kPass, Verdict::kSkip, Verdict::kWarn, Verdict::kFail}) {
    if (token_of(each) != verdict) continue;
    return each == Verdict::kFail ? 2 : each == Verdict::kWarn ? 1 : 0;
  }
  return std::nullopt;
}

std::string counted(size_t number, const char* word) { return std::to_string(number) + word; }

void list(const std::vector<RowDifference>& rows, const char* what,
          std::vector<std::string>& lines) {
  for (const RowDifference& row : rows) {
    std::string line = "  " + std::string(what) + ": " + row.name;
    if (row.before.empty() || row.now.empty()) {
      line += ", " + (row.now.empty() ? "was " + row.before : row.now);
    } else {
      line += ", " + row.before + " -> " + row.now;
    }
    lines.push_back(std::move(line));
  }
}

}  // namespace

base::Result<Difference> compare_with(std::string_view earlier, const Report& report) {
  if (earlier.size() > kMaxBaseline) return refuse("the earlier report is larger than 16 MiB");
  const json old = json::parse(earlier, nullptr, /*allow_exceptions=*/false);
  if (!old.is_object()) return refuse("the earlier report is no JSON object");
  const auto results = old.find("results");
  if (results == old.end() || !results->is_array())
    return refuse("the earlier report has no results");
  Difference out;
  out.since = text(old, "started");
  std::map<Key, std::string> before;
  for (const json& each : *results) {
    const std::string name = each.is_object() ? text(each, "name") : "";
    const std::string verdict = name.empty() ? "" : text(each, "verdict");
    if (!weight_of(verdict)) return refuse("a result of the earlier report is none");
    before[{name, text(each, "route")}] = verdict;
  }
  for (const ProbeResult& result : report.results) {
    const std::string now(token_of(result.verdict));
    const auto found = before.find({result.probe.name, std::string(token_of(result.probe.route))});
    if (found == before.end()) {
      out.came.push_back({result.probe.name, "", now});
      continue;
    }
    const int change = *weight_of(now) - *weight_of(found->second);
    if (change != 0)
      (change > 0 ? out.worse : out.better).push_back({result.probe.name, found->second, now});
    before.erase(found);
  }
  for (const auto& [key, verdict] : before) out.gone.push_back({key.first, verdict, ""});
  return out;
}

std::vector<std::string> difference_lines(const Difference& difference) {
  const Difference& d = difference;
  std::string head = "Since " + (d.since.empty() ? "the earlier report" : d.since) + ": ";
  if (d.worse.empty() && d.better.empty() && d.came.empty() && d.gone.empty())
    return {head + "nothing changed"};
  std::string counts;
  for (const auto& [number, word] : {std::pair{d.worse.size(), " worse"},
                                     {d.better.size(), " better"},
                                     {d.came.size(), " new"},
                                     {d.gone.size(), " gone"}}) {
    if (number > 0) counts += (counts.empty() ? "" : ", ") + counted(number, word);
  }
  std::vector<std::string> lines = {head + counts};
  list(d.worse, "worse", lines);
  list(d.better, "better", lines);
  list(d.came, "new", lines);
  list(d.gone, "gone", lines);
  return lines;
}

}  // namespace check
