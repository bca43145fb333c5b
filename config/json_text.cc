#include "config/json_text.h"

#include <algorithm>
#include <optional>

#include "base/ascii.h"

namespace config {
namespace {

// RFC 3629.
void append_utf8(std::string& out, unsigned code) {
  const auto octet = [&out](unsigned value) { out += static_cast<char>(value); };
  if (code < 0x80) return octet(code);
  if (code < 0x800) {
    octet(0xc0 | code >> 6);
  } else {
    if (code < 0x10000) {
      octet(0xe0 | code >> 12);
    } else {
      octet(0xf0 | code >> 18);
      octet(0x80 | (code >> 12 & 0x3f));
    }
    octet(0x80 | (code >> 6 & 0x3f));
  }
  octet(0x80 | (code & 0x3f));
}

// -?(0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?
bool is_number(std::string_view text) {
  const auto digits = [&text] {
    const auto end = std::find_if_not(text.begin(), text.end(), base::is_digit);
    const auto count = static_cast<size_t>(end - text.begin());
    text.remove_prefix(count);
    return count;
  };
  if (text.starts_with('-')) text.remove_prefix(1);
  const bool zero = text.starts_with('0');
  const size_t whole = digits();
  if (whole == 0 || (zero && whole > 1)) return false;
  if (text.starts_with('.')) {
    text.remove_prefix(1);
    if (digits() == 0) return false;
  }
  if (text.starts_with('e') || text.starts_with('E')) {
    text.remove_prefix(1);
    if (text.starts_with('+') || text.starts_with('-')) text.remove_prefix(1);
    if (digits() == 0) return false;
  }
  return text.empty();
}

// Recursive descent over the octets. Every function returns false once `error` is set.
class JsonReader {
 public:
  JsonReader(std::string_view text, const JsonLimits& limits) : rest_(text), limits_(limits) {}

  std::variant<JsonText, SyntaxError> read() {
    if (rest_.size() > limits_.bytes)
      return SyntaxError{0, 0,
                         "longer than " + std::to_string(limits_.bytes / (1024 * 1024)) + " MiB"};
    const bool whole = value(out_.root, 0) && blanks();
    if (whole && !rest_.empty()) fail("something follows the value; one file holds one value");
    if (error_) return std::move(*error_);
    return std::move(out_);
  }

 private:
  bool fail(std::string message) {
    if (!error_) error_ = SyntaxError{line_, column_, std::move(message)};
    return false;
  }
  bool at(char c) const { return !rest_.empty() && rest_.front() == c; }
  char take() {
    const char c = rest_.front();
    rest_.remove_prefix(1);
    ++column_;
    if (c == '\n') {
      ++line_;
      column_ = 1;
    }
    return c;
  }
  void skip(size_t count) {
    while (count-- > 0) take();
  }
  void note(Oddity::Kind kind, int line, int column) {
    out_.oddities.push_back({kind, line, column});
  }

  // Blanks and comments.
  bool blanks() {
    for (;;) {
      while (!rest_.empty() && std::string_view(" \t\r\n").find(rest_.front()) != rest_.npos)
        take();
      const bool line_comment = rest_.starts_with("//");
      if (!line_comment && !rest_.starts_with("/*")) return true;
      note(Oddity::Kind::kComment, line_, column_);
      const size_t end = rest_.find(line_comment ? "\n" : "*/", 2);
      if (end == rest_.npos && !line_comment) return fail("a comment is not closed");
      skip(std::min(end, rest_.size() - (line_comment ? 0 : 2)) + (line_comment ? 0 : 2));
    }
  }

  bool value(Node& node, int depth) {
    if (!blanks()) return false;
    if (rest_.empty()) return fail("the text ends where a value is expected");
    if (depth > kMaxJsonDepth) return fail("nested more than 64 levels deep");
    if (++nodes_ > limits_.nodes)
      return fail("more than " + std::to_string(limits_.nodes) + " values");
    node.line = line_;
    node.column = column_;
    switch (rest_.front()) {
      case '{': node.kind = Node::Kind::kMap; return members(node, '}', depth);
      case '[': node.kind = Node::Kind::kList; return members(node, ']', depth);
      case '"': return string(node);
      case '\'': return fail("a string stands in single quotes; JSON has double quotes only");
      default: return word(node);
    }
  }

  bool members(Node& node, char close, int depth) {
    take();
    for (;;) {
      if (!blanks()) return false;
      if (at(close)) break;
      if (node.kind == Node::Kind::kMap) {
        if (!at('"')) return fail("expected a key in double quotes");
        node.keys.emplace_back();
        node.keys.back().line = line_;
        node.keys.back().column = column_;
        if (!string(node.keys.back()) || !blanks()) return false;
        if (!at(':')) return fail("expected a colon after the key");
        take();
      }
      node.items.emplace_back();
      if (!value(node.items.back(), depth + 1) || !blanks()) return false;
      if (at(close)) break;
      if (!at(',')) {
        return fail(rest_.empty() ? std::string("the text ends inside a list or object")
                                  : std::string("expected a comma or '") + close + "'");
      }
      const int line = line_;
      const int column = column_;
      take();
      if (!blanks()) return false;
      if (at(close)) note(Oddity::Kind::kTrailingComma, line, column);
    }
    take();
    return true;
  }

  bool word(Node& node) {
    const auto inside = [](char c) {
      return base::is_alpha(c) || base::is_digit(c) || c == '-' || c == '+' || c == '.';
    };
    const auto end = std::find_if_not(rest_.begin(), rest_.end(), inside);
    const std::string_view word = rest_.substr(0, static_cast<size_t>(end - rest_.begin()));
    if (word != "null") node.kind = Node::Kind::kScalar;
    if (word != "null" && word != "true" && word != "false" && !is_number(word)) {
      return fail(
          "expected a value: a string in double quotes, a number, true, false, null, a "
          "list or an object");
    }
    if (node.kind == Node::Kind::kScalar) node.text = word;
    skip(word.size());
    return true;
  }

  bool string(Node& node) {
    node.kind = Node::Kind::kScalar;
    node.style = Node::Style::kQuoted;
    take();
    bool noted = false;
    for (;;) {
      if (rest_.empty()) return fail("the text ends inside a string");
      if (at('\\')) {
        if (!escape(node.text)) return false;
        continue;
      }
      const bool control = static_cast<unsigned char>(rest_.front()) < 0x20;
      if (control && !noted) note(Oddity::Kind::kControl, line_, column_);
      noted = noted || control;
      const char c = take();
      if (c == '"') return true;
      node.text += c;
    }
  }

  bool escape(std::string& out) {
    constexpr std::string_view kNames = "\"\\/bfnrt";
    constexpr std::string_view kMeanings = "\"\\/\b\f\n\r\t";
    if (rest_.size() < 2) return fail("the text ends inside a string");
    const size_t known = kNames.find(rest_[1]);
    if (known != kNames.npos) {
      out += kMeanings[known];
      skip(2);
      return true;
    }
    unsigned code = 0;
    if (!unit(code)) return fail("a backslash in a string starts no escape of JSON; write \\\\");
    const bool high = code >= 0xd800 && code < 0xdc00;
    unsigned low = 0;
    if (high && unit(low) && low >= 0xdc00 && low < 0xe000) {
      code = 0x10000 + ((code & 0x3ff) << 10) + (low & 0x3ff);
    } else if (high || (code >= 0xdc00 && code < 0xe000)) {
      return fail("an escape is half of a surrogate pair");
    }
    append_utf8(out, code);
    return true;
  }

  // "\uXXXX"
  bool unit(unsigned& code) {
    if (rest_.size() < 6 || !rest_.starts_with("\\u")) return false;
    const std::string_view digits = rest_.substr(2, 4);
    if (!std::all_of(digits.begin(), digits.end(), base::is_hex)) return false;
    for (const char c : digits) {
      const int digit = base::is_digit(c) ? c - '0' : base::to_lower(c) - 'a' + 10;
      code = code << 4 | static_cast<unsigned>(digit);
    }
    skip(6);
    return true;
  }

  std::string_view rest_;
  const JsonLimits limits_;
  JsonText out_;
  std::optional<SyntaxError> error_;
  std::size_t nodes_ = 0;
  int line_ = 1;
  int column_ = 1;
};

}  // namespace

std::variant<JsonText, SyntaxError> parse_json(std::string_view text, const JsonLimits& limits) {
  return JsonReader(text, limits).read();
}

}  // namespace config
