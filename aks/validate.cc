#include "aks/validate.h"

#include <algorithm>
#include <set>
#include <tuple>

#include "aks/cluster_facts.h"
#include "aks/no_proxy_endpoints.h"
#include "aks/proxy_reach.h"
#include "aks/trusted_ca.h"
#include "aks/trusted_certificates.h"
#include "aks/unsupported.h"

namespace aks {
namespace {

using config::Node;

// What is right and still worth knowing about one place, and what needs the whole of it.
class Adviser {
 public:
  Adviser(const ConfigSite& site, const ValidateOptions& options, Facts facts,
          std::vector<Finding>& findings)
      : site_(site), options_(options), facts_(std::move(facts)), findings_(findings) {}

  // `config` has the values that are right.
  void advise(const std::optional<HttpProxyConfig>& config) {
    for (const char* key : {names().http_proxy, names().https_proxy}) {
      advise_slash(key);
      judge_address(key);
    }
    const Node* https = value_of(names().https_proxy);
    const Node* http = value_of(names().http_proxy);
    if (http != nullptr && is_string(*http) && !http->text.empty() &&
        field_of(site_, names().https_proxy) == nullptr) {
      note(*http, "proxy-https-default", path_of(names().http_proxy),
           "httpsProxy is not set, so AKS uses httpProxy for https URLs as well");
    }
    judge_version();
    const bool off = config && !config->enabled && http == nullptr && https == nullptr;
    if (!off) lint_list();
    lint_trusted_ca();
  }

 private:
  const FieldNames& names() const { return *site_.names; }
  std::string path_of(std::string_view key) const { return path_of_field(site_, key); }

  // The member's value, nullptr when it is absent, null or unknown.
  const Node* value_of(const char* key) const {
    const Node* node = field_of(site_, key);
    const bool known = node != nullptr && node->kind != Node::Kind::kNull && !is_unknown(*node);
    return known ? node : nullptr;
  }

  void note(const Node& node, const char* rule, std::string path, std::string message) {
    findings_.push_back(
        {Severity::kNote, rule, std::move(path), std::move(message), "", node.line, node.column});
  }

  std::optional<ProxyUrl> url_of(const char* key) const {
    const Node* value = value_of(key);
    if (value == nullptr || !is_string(*value)) return std::nullopt;
    std::vector<Finding> ignored;
    return parse_proxy_url(value->text, ProxyUrlUse::kVariable, "", ignored);
  }

  void advise_slash(const char* key) {
    if (!url_of(key) || !value_of(key)->text.ends_with('/')) return;
    note(*value_of(key), "proxy-trailing-slash", path_of(key),
         "the URL ends in a slash, which may stay: AKS takes both forms, for a time the service "
         "refused URLs without it (HTTPProxyWrongUrlError; Azure/AKS #4574, #5561), and the "
         "monitoring agent takes it off for its collector");
  }

  void judge_address(const char* key) {
    const auto url = url_of(key);
    if (!url) return;
    const size_t first = findings_.size();
    lint_proxy_address(*url, path_of(key), facts_, findings_);
    place(findings_, first, *value_of(key));
  }

  // Versions of the API drop in silence what they do not know.
  void judge_version() {
    const Node* enabled = field_of(site_, names().enabled);
    const std::string& version = site_.api_version;
    if (enabled == nullptr || version.size() < 10) return;
    const bool preview = version.ends_with("-preview");
    if (version.substr(0, 10) >= (preview ? "2025-03-02" : "2026-01-01")) return;
    findings_.push_back({Severity::kWarning, "config-enabled-version", path_of(names().enabled),
                         "apiVersion " + cite(version) +
                             " does not know enabled and drops it in silence: use 2026-01-01 or "
                             "later (2025-03-02-preview among previews)",
                         "", enabled->line, enabled->column});
  }

  void lint_list() {
    const Node* list = field_of(site_, names().no_proxy);
    if (list != nullptr && list->kind == Node::Kind::kNull) list = nullptr;
    if (list != nullptr && list->kind != Node::Kind::kList) return;
    std::vector<ListEntry> entries;
    bool whole = true;  // whether all entries are known
    const std::string path = path_of(names().no_proxy);
    for (size_t i = 0; list != nullptr && i < list->items.size(); ++i) {
      const Node& item = list->items[i];
      whole = whole && !is_unknown(item);
      if (!is_string(item)) continue;
      entries.push_back({item.text, path_to(path, i), item.line, item.column});
    }
    lint_entries(entries);
    if (!whole) return;
    const Node& where = list == nullptr ? *site_.object : *list;
    lint_missing_entries(entries, facts_, {"", path, where.line, where.column}, findings_);
    const size_t first = findings_.size();
    lint_no_proxy_size(effective_list(entries, facts_), path, findings_);
    lint_isolation(facts_, path, findings_);
    place(findings_, first, where);
  }

  void lint_entries(const std::vector<ListEntry>& entries) {
    const size_t first = findings_.size();
    lint_no_proxy_list(entries, facts_, findings_);
    if (site_.place == Place::kLive) {
      // AKS writes its own entries back into the list.
      const auto own = std::remove_if(findings_.begin() + static_cast<std::ptrdiff_t>(first),
                                      findings_.end(), [](const Finding& each) {
                                        return each.rule == "no-proxy-added-anyway" ||
                                               each.rule == "no-proxy-shadowed";
                                      });
      findings_.erase(own, findings_.end());
    }
    lint_required_endpoints(entries, facts_, findings_);
  }

  // The article's limit since its edition of 2026-08-26. Clusters from before are known that have
  // twice as much, so a cluster that exists has shown what it takes.
  void judge_size(std::string_view base64, const std::string& path) {
    constexpr size_t kMaxOctets = 35'000;  // "35 KB", in the narrower reading
    const size_t padding = base64.size() - (base64.find_last_not_of('=') + 1);
    const size_t octets = base64.size() / 4 * 3 - std::min(padding, size_t{2});
    if (octets <= kMaxOctets || site_.place == Place::kLive) return;
    findings_.push_back({Severity::kWarning, "trusted-ca-size", path,
                         "the certificates take " + std::to_string(octets) +
                             " octets, and for new clusters AKS documents at most 35 KB (existing "
                             "ones are known with more): leave out what the proxy does not use"});
  }

  // Also when something else is wrong: all at once.
  void lint_trusted_ca() {
    const Node* value = value_of(names().trusted_ca);
    if (value == nullptr || !is_string(*value)) return;
    std::vector<Finding> known_already;
    const auto pem = parse_trusted_ca(value->text, "", known_already);
    if (!pem) return;
    const size_t first = findings_.size();
    const std::string path = path_of(names().trusted_ca);
    judge_size(value->text, path);
    lint_certificates(read_certificates(*pem, path, findings_), options_.now, path, findings_);
    place(findings_, first, *value);
  }

  const ConfigSite& site_;
  const ValidateOptions& options_;
  const Facts facts_;
  std::vector<Finding>& findings_;
};

// What people told about the cluster, or else what the document does that the place is in.
Facts facts_about(const ConfigSite& site, const Sites& sites, const Facts& told) {
  Facts facts = told;
  const bool live = site.place == Place::kLive;
  const bool around = site.cluster != ConfigSite::kNoCluster;
  ParsedFacts own;
  if (around) own = facts_of(sites.clusters[site.cluster].shown);
  if (told.known == Facts::Known::kNo && around) {
    if (own.facts) facts.cluster = std::move(*own.facts);
    facts.traits = own.traits;
    if (live) facts.known = Facts::Known::kYes;
  }
  // What AKS computed belongs to the list beside it, and to no other.
  facts.traits.effective_no_proxy.reset();
  if (live) facts.traits.effective_no_proxy = own.traits.effective_no_proxy;
  return facts;
}

// The az CLI alone is strict about what templates may hold, and reads JSON alone.
void judge_notation(const Document& document, const Sites& sites, std::vector<Finding>& findings) {
  const bool file = !sites.configs.empty() && sites.configs.front().place == Place::kFile;
  for (Finding& finding : findings) {
    if (file && finding.rule == "json-comment") finding.severity = Severity::kError;
  }
  if (!file || document.notation != Notation::kYaml) return;
  if (document.root.kind != Node::Kind::kMap) return;
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

// By place. What a loop of a template says of each of its rounds stands once.
void sort_findings(std::vector<Finding>& findings) {
  std::set<std::tuple<std::string_view, std::string_view, std::string_view>> said;
  std::vector<Finding> once;
  for (const Finding& each : findings) {
    if (said.emplace(each.rule, each.path, each.message).second) once.push_back(each);
  }
  std::stable_sort(once.begin(), once.end(), [](const Finding& a, const Finding& b) {
    return std::tie(a.line, a.column) < std::tie(b.line, b.column);
  });
  findings = std::move(once);
}

}  // namespace

Validation validate(std::string_view text, const ValidateOptions& options) {
  Validation out;
  const auto document = parse_document(text, out.findings);
  if (!document) {
    out.outcome = Validation::Outcome::kUnreadable;
    return out;
  }
  const Sites sites = find_sites(*document, options.parameters, out.findings);
  judge_notation(*document, sites, out.findings);
  for (const ConfigSite& site : sites.configs) {
    ParsedConfig parsed = read_http_proxy_config(site);
    weigh_wrapper(options.wrapped, parsed.findings);
    out.findings.insert(out.findings.end(), parsed.findings.begin(), parsed.findings.end());
    if (site.object->kind != Node::Kind::kMap) continue;
    Adviser(site, options, facts_about(site, sites, options.facts), out.findings)
        .advise(parsed.config);
    if (parsed.config) out.configs.push_back(std::move(*parsed.config));
  }
  lint_unsupported(sites, out.findings);
  sort_findings(out.findings);
  if (out.findings.size() > kMaxFindings) {
    out.findings.resize(kMaxFindings);
    out.findings.push_back({Severity::kError, "config-findings", "$",
                            "there are more than 1000 findings: mend these first"});
  }
  return out;
}

}  // namespace aks
