// YAML or JSON text as a tree in which every node knows its line. Nothing of it is converted: a
// scalar is its text, whatever YAML's own types would make of it.
#pragma once

#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace config {

struct Node {
  enum class Kind { kNull, kScalar, kList, kMap };
  enum class Style { kPlain, kQuoted };  // quoted, or a YAML block: always a string

  Kind kind = Kind::kNull;
  int line = 0;  // from 1
  int column = 0;
  std::string text;             // of a scalar
  Style style = Style::kPlain;  // of a scalar
  std::vector<Node> items;      // of a list; the values of a map
  std::vector<Node> keys;       // of a map, one for each item, all scalars
};

// Where and why a text could not be read.
struct SyntaxError {
  int line = 0;
  int column = 0;
  std::string message;
};

// Bounds that no honest configuration meets. Together they keep hostile text from costing more than
// a few tens of milliseconds and megabytes.
inline constexpr std::size_t kMaxFileBytes = 1024 * 1024;
inline constexpr int kMaxDepth = 16;
inline constexpr int kMaxAliases = 100;
inline constexpr std::size_t kMaxNodes = 200'000;  // with every alias replaced by a copy

// Reads one YAML document; an empty one is kNull. Aliases are replaced by copies of what they name.
// Fails at the first syntax error, a second document, a tag, a key that is no scalar, or a bound
// above exceeded. Throws nothing.
std::variant<Node, SyntaxError> parse_yaml(std::string_view text);

}  // namespace config
