#include <array>

#include "aks/sites/finders.h"
#include "base/ascii.h"

namespace aks::sites {
namespace {

using config::Node;

constexpr int kMaxLevels = 8;  // how deep in a parameter's value a configuration is looked for

// Whether an object has the fields of a configuration: an URL of a proxy, or two others.
bool looks_like_config(const Node& node) {
  if (node.kind != Node::Kind::kMap) return false;
  const auto has = [&node](const char* key) { return member_anycase(node, key) != nullptr; };
  return has(kArmNames.http_proxy) || has(kArmNames.https_proxy) ||
         (has(kArmNames.no_proxy) && has(kArmNames.trusted_ca));
}

class Finder {
 public:
  explicit Finder(Search& search) : search_(search) {}

  void find(const Node& node, const std::string& path, int level) {
    if (level > kMaxLevels) return;
    if (looks_like_config(node)) {
      ConfigSite site;
      site.place = Place::kTemplate;
      site.object = &node;
      site.path = path;
      search_.sites.configs.push_back(std::move(site));
      return;
    }
    for (size_t i = 0; i < node.items.size(); ++i) {
      const bool map = node.kind == Node::Kind::kMap;
      find(node.items[i], map ? path_to(path, node.keys[i].text) : path_to(path, i), level + 1);
    }
  }

 private:
  Search& search_;
};

bool is_parameters(const Node& root) {
  const Node* schema = member(root, "$schema");
  if (schema != nullptr) {
    const std::string text = base::lower(schema->text);
    if (text.find("deploymentparameters") != std::string::npos) return true;
  }
  const Node* parameters = member(root, "parameters");
  if (parameters == nullptr || parameters->kind != Node::Kind::kMap || parameters->items.empty() ||
      member_anycase(root, "resources") != nullptr)
    return false;
  for (const Node& each : parameters->items) {
    if (member(each, "value") == nullptr && member(each, "reference") == nullptr) return false;
  }
  return true;
}

void take_parameters(const Node& root, GivenParameters& out) {
  const Node* parameters = member(root, "parameters");
  for (size_t i = 0; parameters != nullptr && i < parameters->keys.size(); ++i) {
    const Node* value = member(parameters->items[i], "value");
    Node& to = out[base::lower(parameters->keys[i].text)];
    if (value != nullptr) to = *value;
    if (value == nullptr) make_unknown(to, "reference");
  }
}

// Another document's lines mean nothing in this one.
void place_at(Node& node, int line, int column) {
  node.line = line;
  node.column = column;
  for (Node& key : node.keys) place_at(key, line, column);
  for (Node& item : node.items) place_at(item, line, column);
}

std::optional<Node> parse_text(const Node* text, std::vector<Finding>& findings) {
  if (text == nullptr || !is_string(*text)) return std::nullopt;
  const size_t first = findings.size();
  auto document = parse_document(text->text, findings);
  for (size_t i = first; i < findings.size(); ++i) {
    findings[i].line = text->line;
    findings[i].column = text->column;
  }
  if (!document) return std::nullopt;
  place_at(document->root, text->line, text->column);
  return std::move(document->root);
}

}  // namespace

bool find_in_parameters(const Node& root, const std::string& path, Search& search) {
  if (!is_parameters(root)) return false;
  if (const Node* parameters = member(root, "parameters"))
    Finder(search).find(*parameters, path_to(path, "parameters"), 0);
  if (search.sites.configs.empty()) {
    report_absent(root, path,
                  "none of the parameters is a httpProxyConfig: check the template with these "
                  "values (sluice aks validate TEMPLATE --parameters THIS)",
                  search);
  }
  return true;
}

bool find_in_build_params(const Node& root, Search& search) {
  const Node* parameters = member(root, "parametersJson");
  if (parameters == nullptr) return false;
  const Node* body = member(root, "templateJson");
  const auto given = parse_text(parameters, search.findings);
  if (body == nullptr || body->kind == Node::Kind::kNull) {
    if (!given) return true;
    search.sites.made.push_back(*given);
    return find_in_parameters(search.sites.made.back(), path_to("$", "parametersJson"), search);
  }
  auto whole = parse_text(body, search.findings);
  if (!whole) return true;
  GivenParameters values;
  if (given) take_parameters(*given, values);
  search.sites.made.push_back(std::move(*whole));
  Search inner{search.sites, search.findings, values, search.sites.made.back(), search.budget};
  if (!find_in_template(search.sites.made.back(), path_to("$", "templateJson"), inner)) {
    report_absent(*body, "$.templateJson", "templateJson is no ARM template", search);
  }
  return true;
}

}  // namespace aks::sites

namespace aks {

GivenParameters parse_parameters(std::string_view text, std::vector<Finding>& findings) {
  GivenParameters out;
  const auto document = parse_document(text, findings);
  if (!document) return out;
  const config::Node& root = document->root;
  if (const auto inner = sites::parse_text(member(root, "parametersJson"), findings)) {
    sites::take_parameters(*inner, out);
  } else if (sites::is_parameters(root)) {
    sites::take_parameters(root, out);
  } else {
    findings.push_back({Severity::kError, "parameters-file", "$",
                        "the document is no file of parameters; expected {\"parameters\": {NAME: "
                        "{\"value\": …}}}, or what bicep build-params makes of a .bicepparam",
                        "", root.line, root.column});
  }
  for (auto& [name, value] : out) sites::place_at(value, 0, 0);
  return out;
}

}  // namespace aks
