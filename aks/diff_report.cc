#include "aks/diff_report.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "aks/update_plan_report.h"
#include "base/escape.h"

namespace aks {
namespace {

using json = nlohmann::ordered_json;

std::string step_of(const Diff& diff, size_t number) {
  return "step " + std::to_string(number) + " (" + diff.plan.steps[number - 1].what + ")";
}

std::string mending(const Diff& diff, const FieldDifference& field) {
  if (field.applied == 0) {
    return "no step of the plan changes it; `sluice aks plan LIVE DESIRED` says why";
  }
  std::string out = step_of(diff, field.applied);
  if (field.reimaged > 0) out += "; on nodes " + step_of(diff, field.reimaged);
  if (field.recreated > 0) out += "; in pods " + step_of(diff, field.recreated);
  return out;
}

std::string rows_of(const Diff& diff) {
  size_t width = std::string_view("ENTRY").size();
  for (const EntryRow& each : diff.entries) {
    width = std::max(width, base::printable(each.entry).size());
  }
  const auto padded = [](std::string text, size_t to) {
    text.resize(std::max(text.size(), to), ' ');
    return text;
  };
  const auto mark = [](bool is_there) { return is_there ? "yes" : "-"; };
  std::string out = "    " + padded("ENTRY", width) + "  DESIRED  COMPUTED  LIVE  WHY\n";
  for (const EntryRow& each : diff.entries) {
    out += std::string(each.is_difference ? "  ! " : "    ") +
           padded(base::printable(each.entry), width) + "  " + padded(mark(each.desired), 9) +
           padded(mark(each.computed), 10) + padded(diff.has_live_list ? mark(each.live) : "?", 6) +
           each.why + "\n";
  }
  return out;
}

}  // namespace

std::string diff_report(const Diff& diff) {
  std::string out;
  if (diff.is_same()) out = "The live cluster has what is desired.\n";
  for (const FieldDifference& each : diff.fields) {
    out += each.field + "\n  desired  " + each.desired + "\n  live     " + each.live + "\n";
    if (!each.nodes.empty()) out += "  nodes    " + each.nodes + "\n";
    if (!each.pods.empty()) out += "  pods     " + each.pods + "\n";
    out += "  mended   " + mending(diff, each) + "\n";
  }
  if (diff.entries.empty()) return out;
  out += "\nEffective noProxy\n" + rows_of(diff);
  if (!diff.has_live_list && diff.plan.before.enabled) {
    out +=
        "LIVE has no effectiveNoProxy, so AKS's own list is unknown; give the output of az aks "
        "show.\n";
  }
  return out;
}

std::string diff_json(const Diff& diff) {
  const auto step = [](size_t number) { return number == 0 ? json() : json(number); };
  json out = {{"same", diff.is_same()},
              {"fields", json::array()},
              {"has_live_list", diff.has_live_list},
              {"entries", json::array()},
              {"plan", json::parse(plan_json(diff.plan))}};
  for (const FieldDifference& each : diff.fields) {
    out["fields"].push_back({{"field", each.field},
                             {"desired", each.desired},
                             {"live", each.live},
                             {"nodes", each.nodes},
                             {"pods", each.pods},
                             {"steps",
                              {{"apply", step(each.applied)},
                               {"reimage", step(each.reimaged)},
                               {"recreate_pods", step(each.recreated)}}}});
  }
  for (const EntryRow& each : diff.entries) {
    out["entries"].push_back({{"entry", each.entry},
                              {"desired", each.desired},
                              {"computed", each.computed},
                              {"live", diff.has_live_list ? json(each.live) : json()},
                              {"why", each.why},
                              {"difference", each.is_difference}});
  }
  return out.dump(2, ' ', false, json::error_handler_t::replace) + "\n";
}

}  // namespace aks
