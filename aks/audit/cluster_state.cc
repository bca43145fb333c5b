#include "aks/audit/cluster_state.h"

#include <algorithm>

#include "aks/config_site.h"

namespace aks::audit {
namespace {

using config::Node;

class Reader {
 public:
  explicit Reader(ParsedState& out) : out_(out) {}

  void read(const Document& document) {
    const std::vector<ShownCluster> clusters = find_shown_clusters(document.root);
    if (clusters.size() > 1) return report_several(clusters.size(), "clusters");
    if (clusters.empty()) {
      read_config(document);
    } else {
      read_cluster(clusters.front());
    }
    if (!has_errors(out_.findings)) out_.state = std::move(state_);
  }

 private:
  void report_several(size_t count, const char* what) {
    out_.findings.push_back({Severity::kError, "config-several", "$",
                             "the document has " + std::to_string(count) + " " + what +
                                 ", and this is about one cluster: give that one as a file of its "
                                 "own"});
  }

  void read_cluster(const ShownCluster& cluster) {
    ParsedFacts facts = facts_of(cluster);
    state_.facts = std::move(facts.facts);
    state_.effective_no_proxy = facts.traits.effective_no_proxy;
    state_.traits = std::move(facts.traits);
    append(std::move(facts.findings));
    const Node* config = member_anycase(*cluster.properties, "httpProxyConfig");
    if (config == nullptr || config->kind == Node::Kind::kNull) {
      state_.config.enabled = false;
      return;
    }
    ConfigSite site;
    site.place = Place::kLive;
    site.object = config;
    site.path = path_to(cluster.path, "httpProxyConfig");
    read_site(site);
  }

  void read_config(const Document& document) {
    const Sites sites = find_sites(document, out_.findings);
    if (sites.configs.size() > 1) return report_several(sites.configs.size(), "configurations");
    // What the code says of its cluster; what it says wrongly is for whoever takes facts from it.
    if (sites.declared.size() == 1) {
      ParsedFacts facts = facts_of(sites.declared.front());
      if (facts.facts) state_.traits = std::move(facts.traits);
      state_.facts = std::move(facts.facts);
    }
    if (!sites.configs.empty()) return read_site(sites.configs.front());
    state_.config.enabled = false;  // null: the cluster has no proxy
    for (Finding& finding : out_.findings) {
      if (finding.rule == "config-absent") finding.severity = Severity::kError;
    }
  }

  void read_site(const ConfigSite& site) {
    ParsedConfig parsed = read_http_proxy_config(site);
    for (Finding& finding : parsed.findings) {
      // What only ARM can compute is unknown here, and nothing can be held against it.
      if (finding.rule == "template-expression") finding.severity = Severity::kError;
    }
    std::erase_if(parsed.findings,
                  [](const Finding& each) { return each.severity != Severity::kError; });
    append(std::move(parsed.findings));
    if (parsed.config) state_.config = std::move(*parsed.config);
  }

  void append(std::vector<Finding> findings) {
    out_.findings.insert(out_.findings.end(), std::make_move_iterator(findings.begin()),
                         std::make_move_iterator(findings.end()));
  }

  ParsedState& out_;
  ClusterState state_;
};

}  // namespace

ParsedState parse_cluster_state(std::string_view text) {
  ParsedState out;
  const auto document = parse_document(text, out.findings);
  std::erase_if(out.findings,
                [](const Finding& each) { return each.severity != Severity::kError; });
  if (document) Reader(out).read(*document);
  return out;
}

}  // namespace aks::audit
