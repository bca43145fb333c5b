#include "aks/template/functions.h"

#include <algorithm>
#include <array>

#include "aks/document.h"
#include "aks/template/functions_lists.h"
#include "aks/template/functions_text.h"
#include "base/ascii.h"

namespace aks::arm {
namespace {

using Kind = Value::Kind;
using Operands = std::vector<Value>;

std::optional<Value> null_value(Operands& operands) {
  if (!operands.empty()) return std::nullopt;
  return make_null();
}

std::optional<Value> true_value(Operands&) { return make_boolean(true); }
std::optional<Value> false_value(Operands&) { return make_boolean(false); }

std::optional<Value> negate(Operands& operands) {
  if (operands.size() != 1) return std::nullopt;
  const auto value = boolean_of(operands[0]);
  return value ? std::optional(make_boolean(!*value)) : std::nullopt;
}

bool is_equal(const Value& a, const Value& b) {
  if (a.kind != b.kind || a.text != b.text || a.items.size() != b.items.size()) return false;
  if (a.kind == Kind::kScalar && is_string(a) != is_string(b)) return false;
  for (size_t i = 0; i < a.items.size(); ++i) {
    const Value* other = a.kind == Kind::kMap ? member_anycase(b, a.keys[i].text) : &b.items[i];
    if (other == nullptr || !is_equal(a.items[i], *other)) return false;
  }
  return true;
}

std::optional<Value> equals(Operands& operands) {
  if (operands.size() != 2 || has_unknown(operands[0]) || has_unknown(operands[1]))
    return std::nullopt;
  return make_boolean(is_equal(operands[0], operands[1]));
}

std::optional<Value> bool_value(Operands& operands) {
  if (operands.size() != 1 || operands[0].kind != Kind::kScalar) return std::nullopt;
  Value plain = std::move(operands[0]);
  plain.style = Value::Style::kPlain;
  const auto value = boolean_of(plain);
  return value ? std::optional(make_boolean(*value)) : std::nullopt;
}

using Function = std::optional<Value> (*)(Operands&);

constexpr auto kFunctions = std::to_array<std::pair<std::string_view, Function>>({
    {"array", array_of},
    {"base64", base64},
    {"base64tostring", base64_to_string},
    {"bool", bool_value},
    {"concat", concat},
    {"contains", contains},
    {"createarray", create_array},
    {"createobject", create_object},
    {"empty", empty},
    {"endswith", ends_with},
    {"equals", equals},
    {"false", false_value},
    {"first", first},
    {"format", format},
    {"join", join},
    {"json", json},
    {"last", last},
    {"length", length},
    {"not", negate},
    {"null", null_value},
    {"range", range},
    {"replace", replace},
    {"shallowmerge", shallow_merge},
    {"split", split},
    {"startswith", starts_with},
    {"string", string_value},
    {"tolower", to_lower},
    {"toupper", to_upper},
    {"trim", trim},
    {"true", true_value},
    {"tryget", try_get},
    {"union", union_of},
});

}  // namespace

Value make_text(std::string text) {
  Value value;
  value.kind = Kind::kScalar;
  value.style = Value::Style::kQuoted;
  value.text = std::move(text);
  return value;
}

Value make_boolean(bool is_true) {
  Value value;
  value.kind = Kind::kScalar;
  value.text = is_true ? "true" : "false";
  return value;
}

Value make_null() { return {}; }

Value make_number(size_t value) {
  Value number;
  number.kind = Kind::kScalar;
  number.text = std::to_string(value);
  return number;
}

std::optional<size_t> number_of(const Value& value) {
  constexpr size_t kMaxDigits = 7;
  const std::string& text = value.text;
  if (value.kind != Kind::kScalar || value.style != Value::Style::kPlain || text.empty() ||
      text.size() > kMaxDigits || !std::all_of(text.begin(), text.end(), base::is_digit))
    return std::nullopt;
  return static_cast<size_t>(std::stoul(text));
}

bool has_unknown(const Value& value) {
  return is_unknown(value) || std::any_of(value.items.begin(), value.items.end(), has_unknown);
}

std::optional<Value> call_function(std::string_view name, Operands&& operands) {
  const auto* const found =
      std::lower_bound(kFunctions.begin(), kFunctions.end(), name,
                       [](const auto& each, std::string_view key) { return each.first < key; });
  if (found == kFunctions.end() || found->first != name) return std::nullopt;
  return found->second(operands);
}

}  // namespace aks::arm
