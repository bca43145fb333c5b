#include "check/report_json.h"

#include <nlohmann/json.hpp>

#include "check/report_causes.h"
#include "check/report_summary.h"

namespace check {
namespace {

using Json = nlohmann::ordered_json;

double milliseconds(std::chrono::microseconds duration) {
  return static_cast<double>(duration.count()) / 1000.0;
}

Json to_json(const ProbeResult& result) {
  const Probe& probe = result.probe;
  Json phases = Json::object();
  for (const Phase phase : kAllPhases) {
    if (result.phases[phase]) phases[token_of(phase)] = milliseconds(*result.phases[phase]);
  }
  Json json = {{"name", probe.name},
               {"verdict", token_of(result.verdict)},
               {"kind", token_of(probe.kind)},
               {"route", token_of(probe.route)},
               {"host", probe.host},
               {"port", probe.port},
               {"groups", probe.groups},
               {"why", probe.why},
               {"reason", result.reason},
               {"next_step", result.next_step},
               {"total_ms", milliseconds(result.phases.total())},
               {"phases_ms", std::move(phases)}};
  if (probe.proxy) json["proxy"] = probe.proxy->to_string();
  if (result.failed_in) json["failed_in"] = token_of(*result.failed_in);
  if (result.connect_status != 0) json["connect_status"] = result.connect_status;
  if (result.http_status != 0) json["http_status"] = result.http_status;
  if (result.inspected != Inspected::kUnknown) json["inspected"] = token_of(result.inspected);
  if (!result.authority.empty()) json["authority"] = result.authority;
  if (!result.exemption.empty()) json["exemption"] = result.exemption;
  if (result.proxy_saw != ProxySaw::kUnknown) json["proxy_saw"] = token_of(result.proxy_saw);
  if (const auto& certificate = result.certificate) {
    json["certificate"] = {{"subject", certificate->subject}, {"issuer", certificate->issuer}};
    if (certificate->not_after) {
      json["certificate"]["not_after"] = format_time(*certificate->not_after);
    }
  }
  if (!probe.warning.empty()) json["warning"] = probe.warning;
  if (!probe.note.empty()) json["note"] = probe.note;
  return json;
}

Json to_json(const ClientRun& run) {
  Json json = {{"program", run.program},
               {"rules", run.rules ? token_of(*run.rules) : ""},
               {"skipped", run.skipped},
               {"routes", Json::array()}};
  for (const ClientRoute& route : run.routes) {
    json["routes"].push_back({{"url", route.url},
                              {"verdict", token_of(route.verdict)},
                              {"wanted", token_of(route.wanted)},
                              {"predicted", token_of(route.predicted.outcome)},
                              {"rule", token_of(route.predicted.rule)},
                              {"entry", route.predicted.entry},
                              {"control", token_of(route.control)},
                              {"seen", token_of(route.seen)},
                              {"reason", route.reason}});
  }
  return json;
}

Json to_json(const RowGroup& cause, const Report& report) {
  Json names = Json::array();
  for (const size_t row : cause.rows) names.push_back(report.results[row].probe.name);
  return {{"verdict", token_of(cause.verdict)},
          {"reason", cause.what},
          {"next_step", cause.fix},
          {"rows", std::move(names)}};
}

Json to_json(const Difference& difference) {
  Json json = {{"since", difference.since}};
  const auto add = [&json](const char* key, const std::vector<RowDifference>& rows) {
    json[key] = Json::array();
    for (const RowDifference& row : rows)
      json[key].push_back({{"name", row.name}, {"before", row.before}, {"now", row.now}});
  };
  add("worse", difference.worse);
  add("better", difference.better);
  add("new", difference.came);
  add("gone", difference.gone);
  return json;
}

}  // namespace

std::string format_json(const Report& report) {
  const Counts counts = count(report);
  Json json = {{"sluice", report.version},
               {"verdict", token_of(overall(report))},
               {"simulated", report.setting == Setting::kSimulated},
               {"inspection_expected", report.inspecting == Inspecting::kExpected},
               {"started", format_time(report.started)},
               {"elapsed_ms", report.elapsed.count()},
               {"summary",
                {{"pass", counts.pass},
                 {"warn", counts.warn},
                 {"fail", counts.fail},
                 {"skip", counts.skip}}},
               {"http_proxy", report.http_proxy},
               {"https_proxy", report.https_proxy},
               {"cloud", report.cloud},
               {"region", report.region},
               {"api_server", report.fqdn},
               {"addons", report.addons},
               {"catalogue", report.catalogue},
               {"no_proxy", Json::array()},
               {"findings", Json::array()},
               {"notes", report.notes},
               {"results", Json::array()}};
  for (const aks::EffectiveEntry& entry : report.no_proxy) {
    json["no_proxy"].push_back({{"entry", entry.text}, {"source", aks::describe(entry.source)}});
  }
  for (const aks::Finding& finding : report.findings) {
    json["findings"].push_back({{"severity", aks::token_of(finding.severity)},
                                {"rule", finding.rule},
                                {"path", finding.path},
                                {"message", finding.message}});
  }
  if (!report.clients.empty()) {
    json["clients"] = Json::array();
    for (const ClientRun& run : report.clients) json["clients"].push_back(to_json(run));
  }
  for (const ProbeResult& result : report.results) json["results"].push_back(to_json(result));
  json["causes"] = Json::array();
  for (const RowGroup& cause : causes_of(report)) json["causes"].push_back(to_json(cause, report));
  if (!report.command.empty()) json["command"] = report.command;
  if (report.difference) json["difference"] = to_json(*report.difference);
  return json.dump(2, ' ', /*ensure_ascii=*/true, Json::error_handler_t::replace) + "\n";
}

}  // namespace check
