#include "cli/aks_input.h"

#include <ostream>

#include "aks/cluster_facts.h"
#include "aks/document.h"
#include "aks/findings_text.h"
#include "base/file.h"

namespace cli {

base::Result<std::string> read_input(const std::string& path) {
  return base::read_file(path == "-" ? "/dev/stdin" : path, aks::kMaxConfigBytes);
}

std::optional<std::string> read_document(const std::string& path, std::ostream& err) {
  auto text = read_input(path);
  if (text) return std::move(*text);
  err << "sluice: " << text.error().detail << "\n";
  return std::nullopt;
}

std::optional<aks::Facts> read_facts(const std::string& path, std::ostream& err) {
  if (path.empty()) return aks::Facts{};
  const auto text = read_document(path, err);
  if (!text) return std::nullopt;
  aks::ParsedFacts parsed = aks::parse_cluster_facts(*text);
  err << aks::format_findings(path, *text, parsed.findings);
  if (!parsed.facts) return std::nullopt;
  return aks::Facts{aks::Facts::Known::kYes, std::move(*parsed.facts),
                    std::move(parsed.private_registries)};
}

std::string shown_name(const std::string& path) { return path == "-" ? "stdin" : path; }

}  // namespace cli
