// Reading values out of a document.
#include <algorithm>

#include "aks/document.h"
#include "base/ascii.h"

namespace aks {
namespace {

using config::Node;

// Near enough to YAML's numbers: digits with at most one point. Addresses have three.
bool is_number(std::string_view text) {
  if (text.starts_with('-') || text.starts_with('+')) text.remove_prefix(1);
  return !text.empty() && base::is_digit(text.front()) &&
         text.find_first_not_of("0123456789.eE+-") == text.npos &&
         std::count(text.begin(), text.end(), '.') < 2;
}

}  // namespace

const Node* member(const Node& object, std::string_view key) {
  for (size_t i = object.keys.size(); i-- > 0;) {
    if (object.keys[i].text == key) return &object.items[i];
  }
  return nullptr;
}

const Node* member_anycase(const Node& object, std::string_view key) {
  for (size_t i = object.keys.size(); i-- > 0;) {
    if (base::iequals(object.keys[i].text, key)) return &object.items[i];
  }
  return nullptr;
}

bool is_string(const Node& node) {
  if (node.kind != Node::Kind::kScalar) return false;
  return node.style == Node::Style::kQuoted || (!boolean_of(node) && !is_number(node.text));
}

std::optional<bool> boolean_of(const Node& node) {
  if (node.kind != Node::Kind::kScalar || node.style == Node::Style::kQuoted) return std::nullopt;
  if (node.text == "true" || node.text == "True" || node.text == "TRUE") return true;
  if (node.text == "false" || node.text == "False" || node.text == "FALSE") return false;
  return std::nullopt;
}

bool is_unknown(const Node& node) {
  return node.kind == Node::Kind::kScalar && node.style == Node::Style::kPlain &&
         node.text.starts_with('[');
}

void make_unknown(Node& node, std::string_view what) {
  const int line = node.line;
  const int column = node.column;
  node = Node{};
  node.kind = Node::Kind::kScalar;
  node.line = line;
  node.column = column;
  node.text = "[" + std::string(what) + "]";
}

std::string_view type_of(const Node& node) {
  switch (node.kind) {
    case Node::Kind::kNull: return "null";
    case Node::Kind::kList: return "an array";
    case Node::Kind::kMap: return "an object";
    case Node::Kind::kScalar: break;
  }
  if (is_string(node)) return "a string";
  return boolean_of(node) ? "true or false" : "a number";
}

std::string path_to(const std::string& path, std::string_view key) {
  const auto word = [](char c) { return base::is_alpha(c) || base::is_digit(c) || c == '_'; };
  if (!key.empty() && key.size() <= 64 && std::all_of(key.begin(), key.end(), word)) {
    return path + "." + std::string(key);
  }
  return path + "[" + cite(key) + "]";
}

std::string path_to(const std::string& path, size_t index) {
  return path + "[" + std::to_string(index) + "]";
}

void place(std::vector<Finding>& findings, size_t first, const Node& node) {
  for (size_t i = first; i < findings.size(); ++i) {
    if (findings[i].line != 0) continue;
    findings[i].line = node.line;
    findings[i].column = node.column;
  }
}

}  // namespace aks
