// JSON text as the same tree as YAML's, with places. What is no JSON but plain in its meaning is
// read all the same and reported, so that one comment does not hide every other mistake.
#pragma once

#include <string_view>
#include <variant>
#include <vector>

#include "config/node.h"

namespace config {

// What RFC 8259 does not have and this reader steps over.
struct Oddity {
  enum class Kind {
    kComment,        // "// …" or "/* … */"
    kTrailingComma,  // before ']' or '}'
    kControl,        // a line break or another control character inside a string
  };
  Kind kind = Kind::kComment;
  int line = 0;  // from 1
  int column = 0;
};

struct JsonText {
  Node root;  // strings are quoted scalars; numbers, true and false plain ones
  std::vector<Oddity> oddities;
};

inline constexpr int kMaxJsonDepth = 64;

// What a text may hold; programs write longer ones than people do.
struct JsonLimits {
  std::size_t bytes = kMaxFileBytes;
  std::size_t nodes = kMaxNodes;
};

// Reads one JSON value with any of the oddities. Members keep their order and duplicates. Fails at
// the first error that leaves no reading, and beyond the limits or kMaxJsonDepth.
std::variant<JsonText, SyntaxError> parse_json(std::string_view text,
                                               const JsonLimits& limits = {});

}  // namespace config
