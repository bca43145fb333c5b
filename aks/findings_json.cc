#include "aks/findings_json.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "aks/excerpt.h"
#include "aks/rules.h"
#include "base/ascii.h"

namespace aks {
namespace {

using json = nlohmann::ordered_json;

std::string dump(const json& document) {
  // A file's name may hold any octets.
  return document.dump(2, ' ', false, json::error_handler_t::replace) + "\n";
}

// RFC 3986 §3.3, with everything that a path may hold escaped.
std::string uri_of(std::string_view path) {
  constexpr std::string_view kHex = "0123456789ABCDEF";
  std::string out;
  for (const char c : path) {
    const bool plain = base::is_alpha(c) || base::is_digit(c) ||
                       std::string_view("-._~/").find(c) != std::string_view::npos;
    if (plain) {
      out += c;
      continue;
    }
    const auto octet = static_cast<unsigned char>(c);
    out += '%';
    out += kHex[octet >> 4U];
    out += kHex[octet & 15U];
  }
  return out;
}

int code_points(std::string_view line, int column) {
  const std::string_view before = line.substr(0, static_cast<size_t>(column - 1));
  const auto begins = [](char c) { return (static_cast<unsigned char>(c) & 0xc0) != 0x80; };
  return 1 + static_cast<int>(std::count_if(before.begin(), before.end(), begins));
}

json rule_json(const Rule& rule) {
  json out = {{"id", rule.id}, {"shortDescription", {{"text", rule.summary}}}};
  if (!rule.service_error.empty()) out["properties"] = {{"serviceError", rule.service_error}};
  return out;
}

json location(const std::string& file, std::string_view text, const Finding& finding) {
  json physical = {{"artifactLocation", {{"uri", uri_of(file)}}}};
  if (finding.line > 0) {
    physical["region"]["startLine"] = finding.line;
    if (finding.column > 0) {
      physical["region"]["startColumn"] = code_points(line_of(text, finding.line), finding.column);
    }
  }
  return {{"physicalLocation", physical},
          {"logicalLocations", json::array({{{"fullyQualifiedName", finding.path}}})}};
}

json result(const std::string& file, std::string_view text, const Finding& finding) {
  const Rule* rule = find_rule(finding.rule);
  json out = {{"ruleId", finding.rule}};
  if (rule != nullptr) out["ruleIndex"] = rule - all_rules().data();
  out["level"] = token_of(finding.severity);
  const std::string advice = finding.fix.empty() ? "" : " (write " + finding.fix + ")";
  out["message"] = {{"text", finding.message + advice}};
  out["locations"] = json::array({location(file, text, finding)});
  return out;
}

}  // namespace

std::string findings_json(const std::string& file, const std::vector<Finding>& findings) {
  json out = {{"file", file},
              {"errors", count(findings, Severity::kError)},
              {"warnings", count(findings, Severity::kWarning)},
              {"notes", count(findings, Severity::kNote)},
              {"findings", json::array()}};
  const auto known = [](const auto& value, bool is_known) {
    return is_known ? json(value) : json();
  };
  for (const Finding& finding : findings) {
    const Rule* rule = find_rule(finding.rule);
    const std::string_view error = rule == nullptr ? "" : rule->service_error;
    out["findings"].push_back({{"severity", token_of(finding.severity)},
                               {"rule", finding.rule},
                               {"path", finding.path},
                               {"line", known(finding.line, finding.line > 0)},
                               {"column", known(finding.column, finding.column > 0)},
                               {"message", finding.message},
                               {"fix", known(finding.fix, !finding.fix.empty())},
                               {"service_error", known(error, !error.empty())}});
  }
  return dump(out);
}

std::string findings_sarif(const std::string& file, std::string_view text,
                           const std::vector<Finding>& findings, std::string_view version) {
  json driver = {{"name", "sluice"}, {"version", version}, {"rules", json::array()}};
  for (const Rule& rule : all_rules()) driver["rules"].push_back(rule_json(rule));
  json results = json::array();
  for (const Finding& finding : findings) results.push_back(result(file, text, finding));
  const json run = {
      {"tool", {{"driver", driver}}}, {"columnKind", "unicodeCodePoints"}, {"results", results}};
  return dump({{"$schema", "https://json.schemastore.org/sarif-2.1.0.json"},
               {"version", "2.1.0"},
               {"runs", json::array({run})}});
}

}  // namespace aks
