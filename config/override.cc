#include "config/override.h"

#include <algorithm>

#include "base/ascii.h"
#include "base/escape.h"
#include "config/fields.h"
#include "config/node.h"

namespace config {
namespace {

Node scalar_node(std::string_view text) {
  Node node;
  node.kind = Node::Kind::kScalar;
  node.text = text;
  return node;
}

Node list_node(std::string_view text) {
  Node node;
  node.kind = Node::Kind::kList;
  if (base::trim_ows(text).empty()) return node;
  base::for_each_element(
      text, [&node](std::string_view element) { node.items.push_back(scalar_node(element)); });
  return node;
}

// {a: {b: value}} for the key "a.b".
Node nest(std::string_view key, Node value) {
  for (size_t dot = key.rfind('.');; dot = key.rfind('.')) {
    Node outer;
    outer.kind = Node::Kind::kMap;
    outer.keys.push_back(scalar_node(key.substr(dot == std::string_view::npos ? 0 : dot + 1)));
    outer.items.push_back(std::move(value));
    if (dot == std::string_view::npos) return outer;
    value = std::move(outer);
    key = key.substr(0, dot);
  }
}

void forget(Sources& sources, const std::string& key) {
  std::erase_if(sources, [&key](const auto& entry) {
    return entry.first == key || entry.first.starts_with(key + "[");
  });
}

// Removes the positions in a value that is no file.
void clear_places(Node& node) {
  node.line = node.column = 0;
  for (Node& key : node.keys) clear_places(key);
  for (Node& item : node.items) clear_places(item);
}

}  // namespace

std::vector<Problem> apply_override(Config& config, Sources& sources, const Override& override) {
  const std::string& key = override.key;
  const std::string& name = override.origin.name;
  const auto fields = fields_of(config);
  const auto field = std::find_if(fields.begin(), fields.end(),
                                  [&key](const Field& each) { return each.key == key; });
  if (std::count(key.begin(), key.end(), '.') >= kMaxDepth) {
    return {Problem{Severity::kError, name, 0, 0, "", "the key is nested too deep"}};
  }
  Node value = scalar_node(override.value);
  if (field != fields.end() && field->shape == Field::Shape::kList) {
    value = list_node(override.value);
  } else if (field != fields.end() && field->shape == Field::Shape::kRecords) {
    auto parsed = parse_yaml(override.value);
    if (const auto* failure = std::get_if<SyntaxError>(&parsed)) {
      return {Problem{Severity::kError, name, 0, 0, key, key + ": " + failure->message}};
    }
    value = std::move(std::get<Node>(parsed));
    clear_places(value);
  }
  Sources fresh;
  std::vector<Problem> problems;
  Report report(override.origin, fresh, problems);
  read_mapping(nest(key, std::move(value)), fields, "", report);
  if (field != fields.end()) forget(sources, key);
  for (auto& [changed, origin] : fresh) sources.insert_or_assign(changed, std::move(origin));
  return problems;
}

void add_set_flag(Overrides& overrides, std::string_view text) {
  const size_t equals = text.find('=');
  const std::string key(base::trim_ows(text.substr(0, equals)));
  if (equals == std::string_view::npos || key.empty()) {
    overrides.problems.push_back(Problem{
        Severity::kError, "--set", 0, 0, "",
        "\"" + base::printable(text, base::Spaces::kKeep, 80) +
            "\" has no key and value; write --set key=value, as in --set timeouts.idle=30s"});
    return;
  }
  overrides.values.push_back(
      Override{key, std::string(text.substr(equals + 1)),
               Origin{Layer::kFlag, "--set " + base::printable(key, base::Spaces::kKeep, 80)}});
}

void put_flags_last(Overrides& overrides) {
  std::stable_sort(
      overrides.values.begin(), overrides.values.end(),
      [](const Override& a, const Override& b) { return a.origin.layer < b.origin.layer; });
  for (const Override& variable : overrides.values) {
    if (variable.origin.layer != Layer::kEnvironment) continue;
    const Override* last = &variable;
    for (const Override& each : overrides.values) {
      if (each.key == variable.key && each.origin.layer == Layer::kFlag) last = &each;
    }
    if (last->value == variable.value) continue;
    // The values stay out of it: one may be a secret.
    overrides.problems.push_back(
        Problem{Severity::kWarning, variable.origin.name, 0, 0, variable.key,
                variable.key + " is set otherwise by " + last->origin.name +
                    ", which counts: flags beat the environment; unset one of the two"});
  }
}

}  // namespace config
