#include "check/simulation/rehearsal_report.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <set>
#include <tuple>

namespace check {
namespace {

using json = nlohmann::ordered_json;

// Requests that went the same way to the same end.
struct Group {
  const Fate* first = nullptr;
  std::vector<std::string> actors;
};

std::vector<Group> groups_of(const Moment& moment) {
  std::vector<Group> groups;
  for (const Fate& fate : moment.fates) {
    auto group = std::find_if(groups.begin(), groups.end(), [&](const Group& each) {
      const Fate& first = *each.first;
      return std::tie(first.destination, first.way, first.verdict, first.reason) ==
             std::tie(fate.destination, fate.way, fate.verdict, fate.reason);
    });
    if (group == groups.end()) group = groups.insert(groups.end(), Group{&fate, {}});
    group->actors.push_back(fate.actor + " of " + fate.pool);
  }
  return groups;
}

void append_group(const Group& group, size_t all_actors, std::string& out) {
  const Fate& fate = *group.first;
  const bool arrives = fate.verdict == Verdict::kPass;
  const std::string way = fate.way == "direct" ? " directly" : " through " + fate.way;
  out += (arrives ? "      ok    " : "      FAIL  ") + fate.destination + way + ": ";
  if (group.actors.size() == all_actors) {
    out += "all\n";
  } else {
    for (size_t i = 0; i < group.actors.size(); ++i) out += (i == 0 ? "" : ", ") + group.actors[i];
    out += "\n";
  }
  if (!arrives) out += "            " + fate.reason + "\n";
}

void append_order(const Order& order, std::string& out) {
  const bool control = order.expected == Order::Expected::kFailures;
  out += (control ? "Control, which must fail: " : "Rehearsed ") + order.name + "\n";
  std::string last;
  for (const Moment& moment : order.moments) {
    out += "  " + moment.step + "\n";
    std::set<std::string> actors;
    for (const Fate& fate : moment.fates) actors.insert(fate.actor + " of " + fate.pool);
    std::string groups;
    for (const Group& group : groups_of(moment)) append_group(group, actors.size(), groups);
    out += groups == last ? "      as before\n" : groups;
    last = std::move(groups);
  }
  const size_t count = order.failures();
  const std::string failures =
      std::to_string(count) + (count == 1 ? " request fails" : " requests fail");
  if (control) {
    out += order.as_expected() ? "  as it must: " + failures + "\n"
                               : "  no failure, so this rehearsal proves nothing\n";
  } else {
    out +=
        order.as_expected() ? "  nothing fails\n" : "  " + failures + ": do not update like this\n";
  }
}

}  // namespace

std::string format_rehearsal(const Rehearsal& rehearsal) {
  std::string out;
  for (const Order& order : rehearsal.orders) append_order(order, out);
  for (const std::string& note : rehearsal.notes) out += "Note: " + note + "\n";
  return out;
}

std::string rehearsal_json(const Rehearsal& rehearsal) {
  json out = {
      {"succeeded", succeeded(rehearsal)}, {"notes", rehearsal.notes}, {"orders", json::array()}};
  for (const Order& order : rehearsal.orders) {
    json moments = json::array();
    for (const Moment& moment : order.moments) {
      json fates = json::array();
      for (const Fate& fate : moment.fates) {
        fates.push_back({{"pool", fate.pool},
                         {"actor", fate.actor},
                         {"destination", fate.destination},
                         {"way", fate.way},
                         {"verdict", token_of(fate.verdict)},
                         {"reason", fate.reason}});
      }
      moments.push_back({{"step", moment.step}, {"fates", fates}});
    }
    out["orders"].push_back(
        {{"name", order.name},
         {"expected", order.expected == Order::Expected::kFailures ? "failures" : "no failure"},
         {"as_expected", order.as_expected()},
         {"moments", moments}});
  }
  return out.dump(2, ' ', false, json::error_handler_t::replace) + "\n";
}

}  // namespace check
