#include "aks/validate.h"

#include <algorithm>
#include <tuple>

#include "aks/trusted_ca.h"
#include "aks/trusted_certificates.h"
#include "aks/unsupported.h"

namespace aks {
namespace {

using config::Node;

// What is right and still worth knowing about one place, and what needs the whole of it.
class Adviser {
 public:
  Adviser(const ConfigSite& site, const ValidateOptions& options, std::vector<Finding>& findings)
      : site_(site), options_(options), findings_(findings) {}

  void advise() {
    for (const char* key : {"httpProxy", "httpsProxy"}) advise_slash(key);
    const Node* https = value_of("httpsProxy");
    const Node* http = value_of("httpProxy");
    if (http != nullptr && is_string(*http) && !http->text.empty() && https == nullptr) {
      note(*http, "proxy-https-default", path_of("httpProxy"),
           "httpsProxy is not set, so AKS uses httpProxy for https URLs as well");
    }
    lint_list();
    lint_trusted_ca();
  }

 private:
  std::string path_of(std::string_view key) const { return path_to(site_.path, key); }

  // The member's value, nullptr when it is absent, null or only ARM's to know.
  const Node* value_of(const char* key) const {
    const Node* node = member(*site_.object, key);
    if (node != nullptr) node = resolve(*node, site_);
    return node == nullptr || node->kind == Node::Kind::kNull ? nullptr : node;
  }

  void note(const Node& node, const char* rule, std::string path, std::string message,
            std::string fix = "") {
    findings_.push_back({Severity::kNote, rule, std::move(path), std::move(message), std::move(fix),
                         node.line, node.column});
  }

  void advise_slash(const char* key) {
    const Node* value = value_of(key);
    if (value == nullptr || !is_string(*value) || !value->text.ends_with('/')) return;
    std::vector<Finding> ignored;
    const auto url = parse_proxy_url(value->text, ProxyUrlUse::kVariable, "", ignored);
    if (!url) return;
    note(*value, "proxy-trailing-slash", path_of(key),
         "the URL ends in a slash, which AKS takes as well as none; for a time the service refused "
         "URLs without it (HTTPProxyWrongUrlError; Azure/AKS #4574, #5561), and the monitoring "
         "agent takes it off for its collector",
         json_string(url->to_string()));
  }

  void lint_list() {
    const Node* list = value_of("noProxy");
    if (list != nullptr && list->kind != Node::Kind::kList) return;
    std::vector<ListEntry> entries;
    for (size_t i = 0; list != nullptr && i < list->items.size(); ++i) {
      const Node* item = resolve(list->items[i], site_);
      if (item == nullptr) return;  // the list is not known as a whole
      if (!is_string(*item)) continue;
      entries.push_back({item->text, path_to(path_of("noProxy"), i), item->line, item->column});
    }
    lint_no_proxy_list(entries, options_.facts, findings_);
    const Node& where = list == nullptr ? *site_.object : *list;
    if (list == nullptr && member(*site_.object, "noProxy") != nullptr &&
        is_expression(*member(*site_.object, "noProxy"))) {
      return;
    }
    lint_missing_entries(entries, options_.facts,
                         {"", path_of("noProxy"), where.line, where.column}, findings_);
  }

  // Also when something else is wrong: all at once.
  void lint_trusted_ca() {
    const char* key = value_of("trustedCa") != nullptr ? "trustedCa" : "trustedCA";
    const Node* value = value_of(key);
    if (value == nullptr || !is_string(*value)) return;
    std::vector<Finding> known_already;
    const auto pem = parse_trusted_ca(value->text, "", known_already);
    if (!pem) return;
    const size_t first = findings_.size();
    const std::string path = path_of(key);
    lint_certificates(read_certificates(*pem, path, findings_), options_.now, path, findings_);
    place(findings_, first, *value);
  }

  const ConfigSite& site_;
  const ValidateOptions& options_;
  std::vector<Finding>& findings_;
};

// The az CLI alone is strict about what templates may hold, and reads JSON alone.
void judge_notation(const Document& document, const Sites& sites, std::vector<Finding>& findings) {
  const bool file = !sites.configs.empty() && sites.configs.front().place == Place::kFile;
  for (Finding& finding : findings) {
    if (file && finding.rule == "json-comment") finding.severity = Severity::kError;
  }
  if (!file || document.notation != Notation::kYaml) return;
  findings.push_back({Severity::kNote, "config-yaml", "$",
                      "the configuration is YAML, which is fine here; the az CLI takes JSON only"});
  place(findings, findings.size() - 1, document.root);
}

void weigh_wrapper(std::optional<Severity> severity, std::vector<Finding>& findings) {
  const auto is_wrapper = [](const Finding& finding) { return finding.rule == "config-wrapped"; };
  if (!severity) {
    std::erase_if(findings, is_wrapper);
    return;
  }
  for (Finding& finding : findings) {
    if (is_wrapper(finding)) finding.severity = *severity;
  }
}

}  // namespace

Validation validate(std::string_view text, const ValidateOptions& options) {
  Validation out;
  const auto document = parse_document(text, out.findings);
  if (!document) {
    out.outcome = Validation::Outcome::kUnreadable;
    return out;
  }
  const Sites sites = find_sites(*document, out.findings);
  judge_notation(*document, sites, out.findings);
  for (const ConfigSite& site : sites.configs) {
    ParsedConfig parsed = read_http_proxy_config(site);
    weigh_wrapper(options.wrapped, parsed.findings);
    out.findings.insert(out.findings.end(), parsed.findings.begin(), parsed.findings.end());
    if (site.object->kind != Node::Kind::kMap) continue;
    Adviser(site, options, out.findings).advise();
    if (parsed.config) out.configs.push_back(std::move(*parsed.config));
  }
  lint_unsupported(sites, out.findings);
  std::stable_sort(out.findings.begin(), out.findings.end(),
                   [](const Finding& a, const Finding& b) {
                     return std::tie(a.line, a.column) < std::tie(b.line, b.column);
                   });
  if (out.findings.size() > kMaxFindings) {
    out.findings.resize(kMaxFindings);
    out.findings.push_back({Severity::kError, "config-findings", "$",
                            "there are more than 1000 findings: mend these first"});
  }
  return out;
}

}  // namespace aks
