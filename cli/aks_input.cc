#include "cli/aks_input.h"

#include <ostream>

#include "aks/cluster_facts.h"
#include "aks/document.h"
#include "aks/findings_text.h"
#include "base/file.h"

namespace cli {

base::Result<std::string> read_document(const std::string& path) {
  return base::read_file(path == "-" ? "/dev/stdin" : path, aks::kMaxConfigBytes);
}

base::Result<aks::Facts> read_facts(const std::string& path, std::ostream& err) {
  if (path.empty()) return aks::Facts{};
  const auto text = read_document(path);
  if (!text) return base::fail(text.error());
  aks::ParsedFacts parsed = aks::parse_cluster_facts(*text);
  err << aks::format_findings(path, *text, parsed.findings);
  if (!parsed.facts) {
    return base::fail(base::ErrorCode::kBadRequest, base::Party::kClient,
                      "the facts in " + path + " have errors (above); mend them first");
  }
  return aks::Facts{aks::Facts::Known::kYes, std::move(*parsed.facts),
                    std::move(parsed.private_registries), std::move(parsed.traits)};
}

base::Result<aks::GivenParameters> read_parameters(const std::string& path, std::ostream& err) {
  const auto text = read_document(path);
  if (!text) return base::fail(text.error());
  std::vector<aks::Finding> findings;
  aks::GivenParameters parameters = aks::parse_parameters(*text, findings);
  err << aks::format_findings(path, *text, findings);
  if (!aks::has_errors(findings)) return parameters;
  return base::fail(base::ErrorCode::kBadRequest, base::Party::kClient,
                    "the parameters in " + path + " have errors (above); mend them first");
}

std::string shown_name(const std::string& path) { return path == "-" ? "stdin" : path; }

}  // namespace cli
