#include "aks/template/functions_lists.h"

#include <algorithm>

#include "aks/document.h"
#include "aks/template/functions_text.h"
#include "base/ascii.h"

namespace aks::arm {
namespace {

using Kind = Value::Kind;
using Operands = std::vector<Value>;

constexpr size_t kMaxText = 1024 * 1024;

// Members are looked up one by one, which for more would take too long.
constexpr size_t kMaxMerged = 2000;

bool are_few(const Operands& operands) {
  size_t total = 0;
  for (const Value& each : operands) total += each.items.size();
  return total <= kMaxMerged && operands.size() <= kMaxMerged;
}

bool all_of_kind(const Operands& operands, Kind kind) {
  return !operands.empty() && std::all_of(operands.begin(), operands.end(),
                                          [kind](const Value& each) { return each.kind == kind; });
}

void set_member(Value& object, const Value& key, Value value) {
  for (size_t i = 0; i < object.keys.size(); ++i) {
    if (!base::iequals(object.keys[i].text, key.text)) continue;
    object.items[i] = std::move(value);
    return;
  }
  object.keys.push_back(key);
  object.items.push_back(std::move(value));
}

enum class Merge { kShallow, kDeep };

// Members of `from` win; objects in both are merged themselves when that is asked for.
void merge_into(Value& to, Value from, Merge how) {
  for (size_t i = 0; i < from.items.size(); ++i) {
    const Value* old = how == Merge::kDeep ? member_anycase(to, from.keys[i].text) : nullptr;
    if (old != nullptr && old->kind == Kind::kMap && from.items[i].kind == Kind::kMap) {
      Value merged = *old;
      merge_into(merged, std::move(from.items[i]), how);
      set_member(to, from.keys[i], std::move(merged));
    } else {
      set_member(to, from.keys[i], std::move(from.items[i]));
    }
  }
}

}  // namespace

std::optional<Value> element_of(Value container, const Value& key, Missing otherwise) {
  if (is_unknown(container) || is_unknown(key) || key.kind != Kind::kScalar) return std::nullopt;
  if (container.kind == Kind::kMap) {
    const Value* found = member_anycase(container, key.text);
    if (found != nullptr) return is_unknown(*found) ? std::nullopt : std::optional(*found);
  } else if (container.kind == Kind::kList) {
    const auto index = number_of(key);
    if (index && *index < container.items.size()) {
      if (is_unknown(container.items[*index])) return std::nullopt;
      return std::move(container.items[*index]);
    }
  }
  return otherwise == Missing::kNull ? std::optional(make_null()) : std::nullopt;
}

std::optional<Value> try_get(Operands& operands) {
  if (operands.size() < 2) return std::nullopt;
  std::optional<Value> value = std::move(operands[0]);
  for (size_t i = 1; value && i < operands.size(); ++i) {
    if (value->kind == Kind::kNull) return make_null();
    value = element_of(std::move(*value), operands[i], Missing::kNull);
  }
  return value;
}

std::optional<Value> array_of(Operands& operands) {
  if (operands.size() != 1 || is_unknown(operands[0])) return std::nullopt;
  if (operands[0].kind == Kind::kList) return std::move(operands[0]);
  return create_array(operands);
}

// Of texts a text, of lists a list.
std::optional<Value> concat(Operands& operands) {
  if (all_of_kind(operands, Kind::kList)) {
    Value list;
    list.kind = Kind::kList;
    for (Value& each : operands) {
      list.items.insert(list.items.end(), std::make_move_iterator(each.items.begin()),
                        std::make_move_iterator(each.items.end()));
    }
    return list;
  }
  std::string out;
  for (const Value& each : operands) {
    const auto text = text_in(each);
    if (!text || out.size() + text->size() > kMaxText) return std::nullopt;
    out += *text;
  }
  return make_text(std::move(out));
}

std::optional<Value> contains(Operands& operands) {
  if (operands.size() != 2 || has_unknown(operands[1])) return std::nullopt;
  const Value& container = operands[0];
  const auto wanted = text_in(operands[1]);
  if (!wanted || is_unknown(container)) return std::nullopt;
  if (container.kind == Kind::kMap)
    return make_boolean(member_anycase(container, *wanted) != nullptr);
  if (container.kind == Kind::kScalar)
    return make_boolean(container.text.find(*wanted) != std::string::npos);
  if (container.kind != Kind::kList) return std::nullopt;
  const bool found =
      std::any_of(container.items.begin(), container.items.end(), [&](const Value& item) {
        return item.kind == Kind::kScalar && !is_unknown(item) && text_in(item) == wanted;
      });
  if (!found && has_unknown(container)) return std::nullopt;
  return make_boolean(found);
}

std::optional<Value> create_array(Operands& operands) {
  Value list;
  list.kind = Kind::kList;
  list.items = std::move(operands);
  return list;
}

std::optional<Value> create_object(Operands& operands) {
  if (operands.size() % 2 != 0 || !are_few(operands)) return std::nullopt;
  Value object;
  object.kind = Kind::kMap;
  for (size_t i = 0; i < operands.size(); i += 2) {
    if (operands[i].kind != Kind::kScalar || is_unknown(operands[i])) return std::nullopt;
    set_member(object, operands[i], std::move(operands[i + 1]));
  }
  return object;
}

std::optional<Value> empty(Operands& operands) {
  if (operands.size() != 1 || is_unknown(operands[0])) return std::nullopt;
  const Value& value = operands[0];
  switch (value.kind) {
    case Kind::kNull: return make_boolean(true);
    case Kind::kList:
    case Kind::kMap: return make_boolean(value.items.empty());
    case Kind::kScalar: return make_boolean(value.text.empty());
  }
  return std::nullopt;
}

std::optional<Value> first(Operands& operands) {
  if (operands.size() != 1) return std::nullopt;
  if (operands[0].kind == Kind::kScalar && is_string(operands[0]))
    return make_text(operands[0].text.substr(0, 1));
  Value zero = make_number(0);
  return element_of(std::move(operands[0]), zero, Missing::kUnknown);
}

std::optional<Value> last(Operands& operands) {
  if (operands.size() != 1 || operands[0].kind != Kind::kList || operands[0].items.empty())
    return std::nullopt;
  const Value index = make_number(operands[0].items.size() - 1);
  return element_of(std::move(operands[0]), index, Missing::kUnknown);
}

std::optional<Value> length(Operands& operands) {
  if (operands.size() != 1 || is_unknown(operands[0])) return std::nullopt;
  const Value& value = operands[0];
  if (value.kind == Kind::kScalar) return make_number(value.text.size());
  return make_number(value.items.size());
}

std::optional<Value> shallow_merge(Operands& operands) {
  if (operands.size() != 1 || operands[0].kind != Kind::kList ||
      !all_of_kind(operands[0].items, Kind::kMap) || !are_few(operands[0].items))
    return std::nullopt;
  Value merged;
  merged.kind = Kind::kMap;
  for (Value& each : operands[0].items) merge_into(merged, std::move(each), Merge::kShallow);
  return merged;
}

// Of objects one with all members, objects inside merged too; of lists one without repetitions.
std::optional<Value> union_of(Operands& operands) {
  if (operands.empty() || !are_few(operands)) return std::nullopt;
  Value out = std::move(operands[0]);
  for (size_t i = 1; i < operands.size(); ++i) {
    if (operands[i].kind != out.kind) return std::nullopt;
    if (out.kind == Kind::kMap) {
      merge_into(out, std::move(operands[i]), Merge::kDeep);
      continue;
    }
    if (out.kind != Kind::kList) return std::nullopt;
    for (Value& item : operands[i].items) {
      const bool known = item.kind == Kind::kScalar &&
                         std::any_of(out.items.begin(), out.items.end(), [&](const Value& each) {
                           return each.kind == Kind::kScalar && each.text == item.text;
                         });
      if (!known) out.items.push_back(std::move(item));
    }
  }
  if (out.kind != Kind::kMap && out.kind != Kind::kList) return std::nullopt;
  return out;
}

// Whole numbers from one on.
std::optional<Value> range(Operands& operands) {
  constexpr size_t kMaxRange = 10'000;  // as ARM allows
  if (operands.size() != 2) return std::nullopt;
  const auto start = number_of(operands[0]);
  const auto count = number_of(operands[1]);
  if (!start || !count || *count > kMaxRange) return std::nullopt;
  Value list;
  list.kind = Kind::kList;
  for (size_t i = 0; i < *count; ++i) list.items.push_back(make_number(*start + i));
  return list;
}

}  // namespace aks::arm
