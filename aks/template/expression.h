// Expressions of ARM templates, "[concat('http://', parameters('host'))]", as trees.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace aks::arm {

struct Expression {
  enum class Kind {
    kText,    // 'text'
    kNumber,  // 12
    kCall,    // name(operands…); a name in small letters
    kMember,  // operands[0].name
    kIndex,   // operands[0][operands[1]]
  };
  Kind kind = Kind::kText;
  std::string text;  // of a text, a number; a function's or a member's name
  std::vector<Expression> operands;
};

// How deep expressions, and what they refer to, may nest.
inline constexpr int kMaxLevels = 64;

// Whether a string of a template is an expression: "[name(…)…]". "[[…" is text that begins with one
// bracket, and "[fd00::1]" is an address.
bool is_expression(std::string_view text);

// Parses what stands between the brackets. nullopt when that is no expression, or nests deeper than
// kMaxLevels.
std::optional<Expression> parse_expression(std::string_view text);

}  // namespace aks::arm
