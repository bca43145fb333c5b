#include "aks/audit/cluster_state.h"

#include <algorithm>

#include "aks/config_site.h"

namespace aks::audit {
namespace {

using config::Node;

// The object that holds a cluster's members: the CLI prints them at the top, ARM in "properties".
// nullptr when the document describes no whole cluster.
const Node* cluster_of(const Node& root) {
  const auto is_cluster = [](const Node& node) {
    return member(node, "networkProfile") != nullptr ||
           member(node, "agentPoolProfiles") != nullptr;
  };
  if (is_cluster(root)) return &root;
  const Node* properties = member(root, "properties");
  return properties != nullptr && is_cluster(*properties) ? properties : nullptr;
}

std::optional<std::vector<std::string>> effective_of(const Node& config) {
  const Node* list = member_anycase(config, "effectiveNoProxy");
  if (list == nullptr || list->kind != Node::Kind::kList) return std::nullopt;
  std::vector<std::string> entries;
  for (const Node& item : list->items) {
    if (item.kind == Node::Kind::kScalar) entries.push_back(item.text);
  }
  return tidy_no_proxy(entries);
}

class Reader {
 public:
  explicit Reader(ParsedState& out) : out_(out) {}

  void read(const Document& document, std::string_view text) {
    const Node* cluster = cluster_of(document.root);
    if (cluster != nullptr) {
      read_facts(text);
      read_pools(*cluster);
    }
    if (cluster == nullptr || has_config(*cluster)) {
      read_config(document, cluster != nullptr);
    } else {
      state_.config.enabled = false;
    }
    if (!has_errors(out_.findings)) out_.state = std::move(state_);
  }

 private:
  static bool has_config(const Node& cluster) {
    const Node* config = member_anycase(cluster, "httpProxyConfig");
    return config != nullptr && config->kind != Node::Kind::kNull;
  }

  void read_facts(std::string_view text) {
    ParsedFacts facts = parse_cluster_facts(text);
    state_.facts = std::move(facts.facts);
    append(std::move(facts.findings));
  }

  void read_pools(const Node& cluster) {
    const Node* pools = member(cluster, "agentPoolProfiles");
    if (pools == nullptr) return;
    for (const Node& pool : pools->items) {
      const Node* name = member(pool, "name");
      if (name != nullptr && !name->text.empty()) state_.pools.push_back(name->text);
    }
  }

  void read_config(const Document& document, bool is_live) {
    const Sites sites = find_sites(document, out_.findings);
    if (sites.configs.empty()) return;
    if (sites.configs.size() > 1) {
      out_.findings.push_back({Severity::kError, "config-several", "$",
                               "the document has " + std::to_string(sites.configs.size()) +
                                   " configurations, and this is about one cluster: give that "
                                   "cluster's as a file of its own"});
      return;
    }
    ConfigSite site = sites.configs.front();
    if (is_live) site.place = Place::kTemplate;  // where the wrapper is right
    state_.effective_no_proxy = effective_of(*site.object);
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
  if (document) Reader(out).read(*document, text);
  return out;
}

}  // namespace aks::audit
