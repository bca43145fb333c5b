#include "aks/update_plan_report.h"

#include <nlohmann/json.hpp>

namespace aks {
namespace {

using json = nlohmann::ordered_json;

std::string list_of(const std::vector<std::string>& texts) {
  std::string out;
  for (const std::string& text : texts) out += (out.empty() ? "" : ", ") + text;
  return out.empty() ? "nothing" : out;
}

std::string text_of(const std::optional<ProxyUrl>& url) { return url ? url->to_string() : "none"; }

std::string subjects_of(const CertificateSet& set) {
  std::vector<std::string> subjects;
  subjects.reserve(set.entries.size());
  for (const auto& each : set.entries) subjects.push_back(each.subject);
  return list_of(subjects);
}

std::string describe_change(const UpdatePlan& plan, const std::string& field) {
  const Changes& changes = plan.changes;
  if (field == "httpProxy") {
    return text_of(plan.before.http_proxy) + " -> " + text_of(plan.after.http_proxy);
  }
  if (field == "httpsProxy") {
    return text_of(plan.before.https_proxy) + " -> " + text_of(plan.after.https_proxy);
  }
  if (field == "enabled") return plan.after.enabled ? "false -> true" : "true -> false";
  if (field == "noProxy") {
    if (changes.no_proxy_in.empty() && changes.no_proxy_out.empty())
      return "order or spelling only";
    return "comes: " + list_of(changes.no_proxy_in) + "; goes: " + list_of(changes.no_proxy_out);
  }
  return "comes: " + subjects_of(changes.ca_in) + "; goes: " + subjects_of(changes.ca_out) +
         "; stays: " + subjects_of(changes.ca_kept);
}

json fingerprints(const CertificateSet& set) {
  json out = json::array();
  for (const auto& each : set.entries) out.push_back(each.sha256);
  return out;
}

json config_json(const std::optional<HttpProxyConfig>& config) {
  if (!config) return nullptr;
  const auto url = [](const std::optional<ProxyUrl>& value) {
    return value ? json(value->to_string()) : json();
  };
  return {{"enabled", config->enabled},
          {"httpProxy", url(config->http_proxy)},
          {"httpsProxy", url(config->https_proxy)},
          {"noProxy", config->no_proxy},
          {"trustedCaSha256", fingerprints(certificates_of(config->trusted_ca_pem))}};
}

}  // namespace

std::string format_plan(const UpdatePlan& plan) {
  if (plan.changes.fields.empty()) return "Nothing changes: there is nothing to send.\n";
  std::string out = "Changes\n";
  for (const std::string& field : plan.changes.fields) {
    out += "  " + field + std::string(field.size() < 12 ? 12 - field.size() : 1, ' ') +
           describe_change(plan, field) + "\n";
  }
  if (!plan.findings.empty()) out += "\nTo know first\n";
  for (const Finding& finding : plan.findings) out += "  " + to_string(finding) + "\n";
  if (plan.steps.empty()) return out;
  out += plan.options.edition == Edition::kToday
             ? "\nSteps (today's service: every change reimages all node pools)\n"
             : "\nSteps (the article's service: nodes change with their image)\n";
  for (size_t i = 0; i < plan.steps.size(); ++i) {
    const std::string number = std::to_string(i + 1);
    out += std::string(number.size() < 2 ? 2 - number.size() : 0, ' ') + number + ". " +
           plan.steps[i].what + "\n";
    for (const std::string& note : plan.steps[i].notes) out += "      " + note + "\n";
    // A reimage has the way back of its update, which stands there already.
    const bool has_own = plan.steps[i].kind != StepKind::kReimage && !plan.steps[i].undo.empty();
    if (has_own) out += "      back: " + plan.steps[i].undo + "\n";
  }
  return out;
}

std::string plan_json(const UpdatePlan& plan) {
  const Changes& changes = plan.changes;
  json out = {{"edition", token_of(plan.options.edition)},
              {"pools", pools_of(plan.options)},
              {"changed", changes.fields},
              {"proxies", {{"in", changes.proxies_in}, {"out", changes.proxies_out}}},
              {"no_proxy", {{"in", changes.no_proxy_in}, {"out", changes.no_proxy_out}}},
              {"trusted_ca",
               {{"in", fingerprints(changes.ca_in)},
                {"out", fingerprints(changes.ca_out)},
                {"kept", fingerprints(changes.ca_kept)}}},
              {"findings", json::array()},
              {"steps", json::array()}};
  for (const Finding& finding : plan.findings) {
    out["findings"].push_back({{"severity", token_of(finding.severity)},
                               {"rule", finding.rule},
                               {"path", finding.path},
                               {"message", finding.message}});
  }
  for (const Step& step : plan.steps) {
    out["steps"].push_back({{"kind", token_of(step.kind)},
                            {"what", step.what},
                            {"notes", step.notes},
                            {"pool", step.pool.empty() ? json() : json(step.pool)},
                            {"config", config_json(step.config)},
                            {"staged_ca_sha256", fingerprints(certificates_of(step.staged_pem))},
                            {"undo", step.undo.empty() ? json() : json(step.undo)}});
  }
  return out.dump(2, ' ', false, json::error_handler_t::replace) + "\n";
}

}  // namespace aks
