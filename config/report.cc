#include "config/report.h"

#include "base/escape.h"

namespace config {

void Report::set(const std::string& key, const Node& node) {
  Origin& origin = sources_[key] = origin_;
  origin.line = node.line;
  origin.column = node.column;
}

void Report::error(const Node& node, std::string_view key, std::string message) {
  if (full()) return;
  problems_.push_back(Problem{Severity::kError, origin_.name, node.line, node.column,
                              std::string(key), std::move(message)});
}

std::string described(const Node& node) {
  switch (node.kind) {
    case Node::Kind::kNull: return "empty";
    case Node::Kind::kList: return "a list";
    case Node::Kind::kMap: return "a mapping";
    case Node::Kind::kScalar: break;
  }
  return "\"" + base::printable(node.text, base::Spaces::kKeep, 80) + "\"";
}

}  // namespace config
