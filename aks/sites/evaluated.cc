// A configuration in infrastructure code: its expressions become values, with notes on where these
// came from.
#include "aks/sites/finders.h"

namespace aks::sites {
namespace {

using config::Node;

class Evaluation {
 public:
  Evaluation(const arm::Deployment& deployment, std::vector<Finding>& notes, arm::Budget& budget)
      : deployment_(deployment), notes_(notes), budget_(budget) {}

  // Each member and each entry of a list is a value of its own, so that one that takes too much
  // leaves the others alone.
  Node evaluate(const Node& node, const std::string& path, int level) {
    if (node.kind == Node::Kind::kScalar || level == kLevels) return value(node, path);
    Node out = node;
    out.keys.clear();
    out.items.clear();
    for (size_t i = 0; i < node.items.size(); ++i) {
      const Node& item = node.items[i];
      if (node.kind == Node::Kind::kList) {
        out.items.push_back(evaluate(item, path_to(path, i), level + 1));
      } else if (arm::is_loops(node.keys[i], item)) {
        budget_.next();
        add_members(out, arm::evaluate_loops(node.keys[i], item, deployment_, budget_).value);
      } else {
        out.keys.push_back(node.keys[i]);
        out.items.push_back(evaluate(item, path_to(path, node.keys[i].text), level + 1));
      }
    }
    return out;
  }

 private:
  static constexpr int kLevels = 2;  // {"noProxy": [ENTRY]}

  Node value(const Node& node, const std::string& path) {
    budget_.next();
    arm::Evaluated evaluated = arm::evaluate(node, deployment_, budget_);
    if (evaluated.default_line != 0 && !is_unknown(evaluated.value)) {
      notes_.push_back({Severity::kNote, "template-default", path,
                        "checked is the value that the template has for " + cite(node.text) +
                            ", in line " + std::to_string(evaluated.default_line) +
                            "; a deployment may give another",
                        "", node.line, node.column});
    }
    return std::move(evaluated.value);
  }

  const arm::Deployment& deployment_;
  std::vector<Finding>& notes_;
  arm::Budget& budget_;
};

bool is_empty(const Node& node) {
  return node.kind == Node::Kind::kNull || (node.kind == Node::Kind::kMap && node.items.empty());
}

}  // namespace

void add_members(Node& to, Node from) {
  for (size_t i = 0; i < from.keys.size(); ++i) {
    to.keys.push_back(std::move(from.keys[i]));
    to.items.push_back(std::move(from.items[i]));
  }
}

bool add_evaluated(const Node& config, ConfigSite site, const arm::Deployment& deployment,
                   Search& search) {
  Node made = Evaluation(deployment, site.notes, search.budget).evaluate(config, site.path, 0);
  const bool computed = config.kind == Node::Kind::kScalar && made.kind != Node::Kind::kScalar;
  if (made.kind == Node::Kind::kNull || (computed && is_empty(made))) {
    search.findings.push_back(
        {Severity::kNote, "config-none", site.path,
         computed ? "by the template's own values the cluster has no HTTP proxy; a deployment may "
                    "give it one: check that with --parameters"
                  : "httpProxyConfig is null: the cluster has no HTTP proxy",
         "", config.line, config.column});
    return false;
  }
  search.sites.made.push_back(std::move(made));
  site.object = &search.sites.made.back();
  search.sites.configs.push_back(std::move(site));
  return true;
}

}  // namespace aks::sites
