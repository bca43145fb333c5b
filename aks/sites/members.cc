#include "aks/sites/members.h"

#include <algorithm>

namespace aks::sites {

using config::Node;

Node empty_object(const Node& place) {
  Node out;
  out.kind = Node::Kind::kMap;
  out.line = place.line;
  out.column = place.column;
  return out;
}

void set_member(Node& object, std::string_view way, Node value) {
  const size_t dot = way.find('.');
  const std::string_view key = way.substr(0, dot);
  const auto found = std::find_if(object.keys.begin(), object.keys.end(),
                                  [key](const Node& each) { return each.text == key; });
  size_t at = static_cast<size_t>(found - object.keys.begin());
  if (found == object.keys.end()) {
    Node name;
    name.kind = Node::Kind::kScalar;
    name.text = key;
    name.line = object.line;
    name.column = object.column;
    object.keys.push_back(std::move(name));
    object.items.push_back(empty_object(object));
  }
  if (dot == way.npos) {
    object.items[at] = std::move(value);
  } else {
    set_member(object.items[at], way.substr(dot + 1), std::move(value));
  }
}

}  // namespace aks::sites
