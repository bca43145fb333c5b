#include "aks/template/functions_text.h"

#include <algorithm>

#include "aks/document.h"
#include "aks/trusted_ca.h"
#include "base/ascii.h"
#include "config/json_text.h"

namespace aks::arm {
namespace {

using Kind = Value::Kind;
using Operands = std::vector<Value>;

// The most that one text may grow to.
constexpr size_t kMaxText = 1024 * 1024;

bool are_texts(const Operands& operands, size_t count) {
  return operands.size() == count &&
         std::all_of(operands.begin(), operands.end(), [](const Value& each) {
           return each.kind == Kind::kScalar && each.style == Value::Style::kQuoted;
         });
}

std::optional<Value> text_if_short(std::string text) {
  if (text.size() > kMaxText) return std::nullopt;
  return make_text(std::move(text));
}

// Parts of the document that a text holds have no places of their own.
void forget_places(Value& value) {
  value.line = value.column = 0;
  for (Value& key : value.keys) forget_places(key);
  for (Value& item : value.items) forget_places(item);
}

// The items of a list as texts.
std::optional<std::vector<std::string>> texts_of(const Value& list) {
  std::vector<std::string> out;
  if (list.kind != Kind::kList) return std::nullopt;
  for (const Value& item : list.items) {
    auto text = text_in(item);
    if (!text) return std::nullopt;
    out.push_back(std::move(*text));
  }
  return out;
}

}  // namespace

std::optional<std::string> text_in(const Value& value) {
  if (value.kind != Kind::kScalar || is_unknown(value)) return std::nullopt;
  if (const auto known = boolean_of(value)) return *known ? "True" : "False";
  return value.text;
}

std::optional<Value> base64(Operands& operands) {
  if (!are_texts(operands, 1)) return std::nullopt;
  return text_if_short(encode_base64(operands[0].text));
}

std::optional<Value> base64_to_string(Operands& operands) {
  if (!are_texts(operands, 1)) return std::nullopt;
  auto decoded = decode_base64(operands[0].text);
  if (!decoded) return std::nullopt;
  return make_text(std::move(*decoded));
}

std::optional<Value> starts_with(Operands& operands) {
  if (!are_texts(operands, 2)) return std::nullopt;
  return make_boolean(base::lower(operands[0].text).starts_with(base::lower(operands[1].text)));
}

std::optional<Value> ends_with(Operands& operands) {
  if (!are_texts(operands, 2)) return std::nullopt;
  return make_boolean(base::lower(operands[0].text).ends_with(base::lower(operands[1].text)));
}

// "{0}" alone; with alignment or a format of .NET's the result is unknown.
std::optional<Value> format(Operands& operands) {
  if (operands.empty() || operands[0].kind != Kind::kScalar ||
      operands[0].style != Value::Style::kQuoted)
    return std::nullopt;
  const std::string_view pattern = operands[0].text;
  std::string out;
  for (size_t i = 0; i < pattern.size(); ++i) {
    const char c = pattern[i];
    if (c != '{' && c != '}') {
      out += c;
      continue;
    }
    if (i + 1 < pattern.size() && pattern[i + 1] == c) {
      out += c;
      ++i;
      continue;
    }
    const size_t close = pattern.find('}', i);
    if (c == '}' || close == pattern.npos) return std::nullopt;
    const std::string_view digits = pattern.substr(i + 1, close - i - 1);
    if (digits.empty() || digits.size() > 3 ||
        !std::all_of(digits.begin(), digits.end(), base::is_digit))
      return std::nullopt;
    size_t index = 0;
    for (const char digit : digits) index = index * 10 + static_cast<size_t>(digit - '0');
    if (index + 1 >= operands.size()) return std::nullopt;
    const auto text = text_in(operands[index + 1]);
    if (!text || out.size() + text->size() > kMaxText) return std::nullopt;
    out += *text;
    i = close;
  }
  return make_text(std::move(out));
}

std::optional<Value> join(Operands& operands) {
  if (operands.size() != 2) return std::nullopt;
  const auto texts = texts_of(operands[0]);
  const auto between = text_in(operands[1]);
  if (!texts || !between) return std::nullopt;
  std::string out;
  for (size_t i = 0; i < texts->size(); ++i) {
    out += (i == 0 ? "" : *between) + (*texts)[i];
    if (out.size() > kMaxText) return std::nullopt;
  }
  return make_text(std::move(out));
}

std::optional<Value> json(Operands& operands) {
  if (!are_texts(operands, 1)) return std::nullopt;
  auto parsed = config::parse_json(operands[0].text);
  auto* whole = std::get_if<config::JsonText>(&parsed);
  if (whole == nullptr) return std::nullopt;
  forget_places(whole->root);
  return std::move(whole->root);
}

std::optional<Value> replace(Operands& operands) {
  if (!are_texts(operands, 3) || operands[1].text.empty()) return std::nullopt;
  std::string_view rest = operands[0].text;
  std::string out;
  for (size_t at = rest.find(operands[1].text); at != rest.npos; at = rest.find(operands[1].text)) {
    out += rest.substr(0, at);
    out += operands[2].text;
    if (out.size() > kMaxText) return std::nullopt;
    rest.remove_prefix(at + operands[1].text.size());
  }
  return text_if_short(out + std::string(rest));
}

std::optional<Value> split(Operands& operands) {
  if (!are_texts(operands, 2) || operands[1].text.empty()) return std::nullopt;
  std::string_view rest = operands[0].text;
  Value list;
  list.kind = Kind::kList;
  for (;;) {
    const size_t at = rest.find(operands[1].text);
    list.items.push_back(make_text(std::string(rest.substr(0, at))));
    if (at == rest.npos) return list;
    rest.remove_prefix(at + operands[1].text.size());
  }
}

// Objects and lists would come out as JSON, which nobody needs here.
std::optional<Value> string_value(Operands& operands) {
  if (operands.size() != 1) return std::nullopt;
  auto text = text_in(operands[0]);
  if (!text) return std::nullopt;
  return make_text(std::move(*text));
}

std::optional<Value> to_lower(Operands& operands) {
  if (!are_texts(operands, 1)) return std::nullopt;
  return make_text(base::lower(operands[0].text));
}

std::optional<Value> to_upper(Operands& operands) {
  if (!are_texts(operands, 1)) return std::nullopt;
  std::string text = std::move(operands[0].text);
  for (char& c : text) c = c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
  return make_text(std::move(text));
}

std::optional<Value> trim(Operands& operands) {
  if (!are_texts(operands, 1)) return std::nullopt;
  const std::string& text = operands[0].text;
  const size_t first = text.find_first_not_of(" \t\r\n");
  if (first == text.npos) return make_text("");
  return make_text(text.substr(first, text.find_last_not_of(" \t\r\n") - first + 1));
}

}  // namespace aks::arm
