#include "aks/endpoint_diff.h"

#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <tuple>

#include "aks/endpoint_report.h"
#include "base/escape.h"

namespace aks {
namespace {

using nlohmann::json;
using Key = std::tuple<std::string, std::uint32_t, std::string>;
using States = std::map<Key, EndpointState>;

base::Failure refuse(const std::string& what) {
  return base::fail(base::ErrorCode::kBadRequest, base::Party::kClient,
                    what + "; expected what `sluice aks endpoints --json` printed");
}

std::string text(const json& object, const char* key) {
  const auto found = object.find(key);
  return found != object.end() && found->is_string() ? found->get<std::string>() : std::string();
}

std::optional<EndpointState> state_of(const json& object) {
  if (!object.is_object()) return std::nullopt;
  EndpointState out{text(object, "host"),
                    0,
                    text(object, "transport"),
                    text(object, "via"),
                    text(object, "need"),
                    text(object, "inspection"),
                    ""};
  const auto port = object.find("port");
  if (port == object.end() || !port->is_number_unsigned()) return std::nullopt;
  if (port->get<std::uint64_t>() > 65535 || out.host.empty()) return std::nullopt;
  out.port = port->get<std::uint16_t>();
  const auto groups = object.find("groups");
  if (groups != object.end() && groups->is_array()) {
    for (const json& group : *groups) {
      if (!group.is_string()) return std::nullopt;
      out.groups += (out.groups.empty() ? "" : ",") + group.get<std::string>();
    }
  }
  return out;
}

// nullopt when an endpoint is none.
std::optional<States> states_of(const json& report) {
  const auto list = report.find("endpoints");
  if (list == report.end() || !list->is_array()) return std::nullopt;
  States out;
  for (const json& each : *list) {
    auto state = state_of(each);
    if (!state) return std::nullopt;
    Key key{state->host, state->port, state->transport};
    out.emplace(std::move(key), std::move(*state));
  }
  return out;
}

bool is_alike(const EndpointState& a, const EndpointState& b) {
  return a.via == b.via && a.need == b.need && a.inspection == b.inspection && a.groups == b.groups;
}

std::string line_of(const EndpointState& state) {
  return base::printable(state.host) + ":" + std::to_string(state.port) + "/" +
         base::printable(state.transport);
}

std::string rest_of(const EndpointState& state) {
  return base::printable(state.via) + ", " + base::printable(state.need) + ", inspection " +
         base::printable(state.inspection) + ", for " + base::printable(state.groups);
}

nlohmann::ordered_json json_of(const EndpointState& state) {
  return {{"host", state.host},    {"port", state.port}, {"transport", state.transport},
          {"via", state.via},      {"need", state.need}, {"inspection", state.inspection},
          {"groups", state.groups}};
}

}  // namespace

base::Result<EndpointDiff> diff_endpoints(std::string_view old,
                                          const allow_list::Selection& selection) {
  if (old.size() > kMaxOldReport) return refuse("the old report is larger than 8 MiB");
  const json before = json::parse(old, nullptr, /*allow_exceptions=*/false);
  if (!before.is_object()) return refuse("the old report is no JSON object");
  const auto old_states = states_of(before);
  if (!old_states) return refuse("the old report has no list of endpoints");
  const json now = json::parse(endpoint_json(selection));
  const States new_states = states_of(now).value_or(States{});

  EndpointDiff out;
  const auto query = before.find("query");
  out.is_same_query = query != before.end() && *query == now["query"];
  const auto source = before.find("source");
  if (source != before.end()) out.old_date = source->is_object() ? text(*source, "date") : "";
  for (const auto& [key, state] : new_states) {
    const auto found = old_states->find(key);
    if (found == old_states->end()) {
      out.added.push_back(state);
    } else if (!is_alike(found->second, state)) {
      out.changed.emplace_back(found->second, state);
    }
  }
  for (const auto& [key, state] : *old_states) {
    if (new_states.count(key) == 0) out.removed.push_back(state);
  }
  return out;
}

std::string endpoint_diff_text(const EndpointDiff& diff) {
  std::string out;
  if (!diff.is_same_query) {
    out =
        "The old report answers another question (cloud, region, add-ons, need …), which shows "
        "below as well.\n";
  }
  for (const EndpointState& each : diff.added) {
    out += "+ " + line_of(each) + "  " + rest_of(each) + "\n";
  }
  for (const EndpointState& each : diff.removed) {
    out += "- " + line_of(each) + "  " + rest_of(each) + "\n";
  }
  for (const auto& [before, now] : diff.changed) {
    out += "~ " + line_of(now) + "  " + rest_of(before) + " -> " + rest_of(now) + "\n";
  }
  return out + std::to_string(diff.added.size()) + " added, " +
         std::to_string(diff.removed.size()) + " removed, " + std::to_string(diff.changed.size()) +
         " changed" +
         (diff.old_date.empty() ? "" : " since the source of " + base::printable(diff.old_date)) +
         "\n";
}

std::string endpoint_diff_json(const EndpointDiff& diff) {
  nlohmann::ordered_json out = {{"same", diff.is_same()},
                                {"same_query", diff.is_same_query},
                                {"added", nlohmann::ordered_json::array()},
                                {"removed", nlohmann::ordered_json::array()},
                                {"changed", nlohmann::ordered_json::array()}};
  for (const EndpointState& each : diff.added) out["added"].push_back(json_of(each));
  for (const EndpointState& each : diff.removed) out["removed"].push_back(json_of(each));
  for (const auto& [before, now] : diff.changed) {
    out["changed"].push_back({{"old", json_of(before)}, {"new", json_of(now)}});
  }
  return out.dump(2, ' ', false, nlohmann::json::error_handler_t::replace) + "\n";
}

}  // namespace aks
