#include "aks/audit/node_report.h"

#include <nlohmann/json.hpp>

#include "base/escape.h"

namespace aks::audit {
namespace {

using json = nlohmann::ordered_json;

// The path is a file's name on somebody else's machine.
std::string place_of(const Finding& finding) {
  return base::printable(finding.path) +
         (finding.line > 0 ? ":" + std::to_string(finding.line) : "");
}

std::string line_of(const Finding& finding) {
  return place_of(finding) + ": " + finding.message + " [" + finding.rule + "]\n";
}

json finding_json(const Finding& finding) {
  return {{"severity", token_of(finding.severity)},
          {"rule", finding.rule},
          {"path", finding.path},
          {"line", finding.line > 0 ? json(finding.line) : json()},
          {"message", finding.message}};
}

}  // namespace

std::string node_report(const NodeAudit& audit) {
  std::string out = "The node, as " + std::string(render::token_of(audit.distro)) + "\n";
  const Finding* first = audit.first_difference();
  if (first == nullptr) {
    out += "It has what it should have.\n";
  } else {
    out += "First difference: " + line_of(*first);
  }
  if (!audit.findings.empty()) out += "\nAll that was found\n";
  for (const Finding& each : audit.findings) {
    out += "  " + std::string(token_of(each.severity)) + ": " + line_of(each);
  }
  if (!audit.right.empty()) out += "\nAs it should be\n";
  for (const std::string& path : audit.right) out += "  " + base::printable(path) + "\n";
  return out;
}

std::string node_report_json(const NodeAudit& audit) {
  const Finding* first = audit.first_difference();
  json out = {{"passes", audit.passes()},
              {"distro", render::token_of(audit.distro)},
              {"first", first == nullptr ? json() : finding_json(*first)},
              {"findings", json::array()},
              {"right", audit.right}};
  for (const Finding& each : audit.findings) out["findings"].push_back(finding_json(each));
  return out.dump(2, ' ', false, json::error_handler_t::replace) + "\n";
}

}  // namespace aks::audit
