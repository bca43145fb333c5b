#include "aks/template/expression.h"

#include <algorithm>

#include "base/ascii.h"

namespace aks::arm {
namespace {

bool is_word(char c) { return base::is_alpha(c) || base::is_digit(c) || c == '_'; }

// Recursive descent; every function gives nullopt once the text is no expression.
class Parser {
 public:
  explicit Parser(std::string_view text) : rest_(text) {}

  std::optional<Expression> parse() {
    auto whole = expression(0);
    skip_blanks();
    if (!rest_.empty()) return std::nullopt;
    return whole;
  }

 private:
  void skip_blanks() {
    const size_t first = rest_.find_first_not_of(" \t\r\n");
    rest_.remove_prefix(std::min(first, rest_.size()));
  }
  // The next character behind blanks, '\0' at the end.
  char peek() {
    skip_blanks();
    return rest_.empty() ? '\0' : rest_.front();
  }
  bool take(char c) {
    if (peek() != c) return false;
    rest_.remove_prefix(1);
    return true;
  }

  std::string word() {
    skip_blanks();
    const auto end = std::find_if_not(rest_.begin(), rest_.end(), is_word);
    const auto size = static_cast<size_t>(end - rest_.begin());
    std::string out(rest_.substr(0, size));
    rest_.remove_prefix(size);
    return out;
  }

  std::optional<Expression> expression(int level) {
    if (level > kMaxLevels) return std::nullopt;
    auto out = primary(level);
    for (int suffixes = 0; out; ++suffixes) {
      if (suffixes > kMaxLevels) return std::nullopt;
      if (take('.')) {
        Expression member{Expression::Kind::kMember, word(), {}};
        if (member.text.empty()) return std::nullopt;
        member.operands.push_back(std::move(*out));
        out = std::move(member);
      } else if (take('[')) {
        auto index = expression(level + 1);
        if (!index || !take(']')) return std::nullopt;
        Expression element{Expression::Kind::kIndex, "", {}};
        element.operands.push_back(std::move(*out));
        element.operands.push_back(std::move(*index));
        out = std::move(element);
      } else {
        break;
      }
    }
    return out;
  }

  std::optional<Expression> primary(int level) {
    const char first = peek();
    if (first == '\'') return quoted();
    if (base::is_digit(first) || first == '-') return number();
    std::string name = word();
    // A namespace of functions: "sys.concat", or the user's own.
    while (!name.empty() && !rest_.empty() && rest_.front() == '.') {
      rest_.remove_prefix(1);
      name += "." + word();
    }
    if (name.empty() || !take('(')) return std::nullopt;
    name = base::lower(name);
    if (name.starts_with("sys.")) name.erase(0, 4);
    Expression call{Expression::Kind::kCall, std::move(name), {}};
    if (take(')')) return call;
    do {
      auto operand = expression(level + 1);
      if (!operand) return std::nullopt;
      call.operands.push_back(std::move(*operand));
    } while (take(','));
    if (!take(')')) return std::nullopt;
    return call;
  }

  // Two quotes inside are one.
  std::optional<Expression> quoted() {
    Expression out;
    rest_.remove_prefix(1);
    for (;;) {
      const size_t quote = rest_.find('\'');
      if (quote == rest_.npos) return std::nullopt;
      out.text += rest_.substr(0, quote);
      rest_.remove_prefix(quote + 1);
      if (rest_.empty() || rest_.front() != '\'') return out;
      out.text += '\'';
      rest_.remove_prefix(1);
    }
  }

  std::optional<Expression> number() {
    const bool negative = take('-');
    const std::string digits = word();
    if (digits.empty() || !std::all_of(digits.begin(), digits.end(), base::is_digit))
      return std::nullopt;
    return Expression{Expression::Kind::kNumber, (negative ? "-" : "") + digits, {}};
  }

  std::string_view rest_;
};

}  // namespace

bool is_expression(std::string_view text) {
  if (!text.starts_with('[') || !text.ends_with(']')) return false;
  const size_t name = text.find_first_not_of(" \t\r\n", 1);
  const size_t call = text.find('(');
  if (name == text.npos || call == text.npos || call <= name) return false;
  text = text.substr(name, call - name);
  while (text.ends_with(' ')) text.remove_suffix(1);
  return std::all_of(text.begin(), text.end(), [](char c) { return is_word(c) || c == '.'; });
}

std::optional<Expression> parse_expression(std::string_view text) { return Parser(text).parse(); }

}  // namespace aks::arm
