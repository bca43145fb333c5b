#include "aks/template/evaluator.h"

#include "aks/document.h"
#include "aks/template/functions_lists.h"
#include "base/ascii.h"

namespace aks::arm {
namespace {

using Kind = Value::Kind;

size_t cost_of_text(const Value& value) { return 1 + value.text.size() / 64; }

// What was made has no place yet.
void give_place(Value& value, const Value& node) {
  if (value.line == 0) {
    value.line = node.line;
    value.column = node.column;
  }
  for (Value& key : value.keys) give_place(key, node);
  for (Value& item : value.items) give_place(item, node);
}

}  // namespace

size_t cost_of(const Value& value) {
  size_t total = cost_of_text(value);
  for (const Value& item : value.items) total += cost_of(item);
  return total;
}

Value Evaluator::node(const Value& node, int level) {
  Value out;
  out.line = node.line;
  out.column = node.column;
  if (level > kMaxLevels || !budget_.take_nodes(cost_of_text(node))) return unknown(node);
  if (node.kind == Kind::kScalar) return scalar(node, level);
  out.kind = node.kind;
  const bool map = node.kind == Kind::kMap;
  for (size_t i = 0; i < node.items.size(); ++i) {
    if (map && is_loops(node.keys[i], node.items[i])) {
      add_loops(node.items[i], out, level + 1);
      continue;
    }
    if (map) out.keys.push_back(node.keys[i]);
    out.items.push_back(this->node(node.items[i], level + 1));
  }
  return out;
}

Value Evaluator::unknown(const Value& node) {
  Value out = node;
  const std::string text = node.kind == Kind::kScalar ? node.text : "…";
  const bool bracketed = text.starts_with('[') && text.ends_with(']') && text.size() > 1;
  make_unknown(out, bracketed ? text.substr(1, text.size() - 2) : text);
  return out;
}

Value Evaluator::scalar(const Value& node, int level) {
  if (node.style != Value::Style::kQuoted) return node;
  Value out = node;
  if (node.text.starts_with("[[")) {
    out.text.erase(0, 1);
    return out;
  }
  if (!is_expression(node.text)) return out;
  const auto expression =
      parse_expression(std::string_view(node.text).substr(1, node.text.size() - 2));
  Known value = expression ? evaluate(*expression, level + 1) : std::nullopt;
  if (!value || is_unknown(*value)) return unknown(node);
  give_place(*value, node);
  return std::move(*value);
}

Evaluator::Known Evaluator::evaluate(const Expression& expression, int level) {
  if (level > kMaxLevels || !budget_.take_step()) return std::nullopt;
  switch (expression.kind) {
    case Expression::Kind::kText: return make_text(expression.text);
    case Expression::Kind::kNumber: {
      Value number;
      number.kind = Kind::kScalar;
      number.text = expression.text;
      return number;
    }
    case Expression::Kind::kCall: return call(expression, level);
    case Expression::Kind::kMember: return element(expression, make_text(expression.text), level);
    case Expression::Kind::kIndex: {
      const Known key = evaluate(expression.operands[1], level + 1);
      return key ? element(expression, *key, level) : std::nullopt;
    }
  }
  return std::nullopt;
}

Evaluator::Known Evaluator::element(const Expression& expression, const Value& key, int level) {
  Known container = evaluate(expression.operands[0], level + 1);
  if (!container) return std::nullopt;
  return element_of(std::move(*container), key, Missing::kUnknown);
}

// Functions that do not look at all of their operands come first.
Evaluator::Known Evaluator::call(const Expression& call, int level) {
  const auto& operands = call.operands;
  if (call.text == "if" && operands.size() == 3) {
    const auto condition = truth(operands[0], level);
    if (!condition) return std::nullopt;
    return evaluate(operands[*condition ? 1 : 2], level + 1);
  }
  if (call.text == "and" || call.text == "or") return logical(call, level);
  if (call.text == "coalesce") return coalesce(call, level);
  if (call.text == "parameters") return reference(call, &Evaluator::parameter, level);
  if (call.text == "variables") return reference(call, &Evaluator::variable, level);
  if (call.text == "lambdavariables") return reference(call, &Evaluator::lambda_variable, level);
  if (call.text == "copyindex") return position(call, level);
  if (call.text == "map" || call.text == "filter") return each_of(call, level);
  std::vector<Value> values;
  for (const Expression& each : operands) {
    Known value = evaluate(each, level + 1);
    values.push_back(value ? std::move(*value) : unknown(make_text("")));
    if (!budget_.take_nodes(cost_of(values.back()))) return std::nullopt;
  }
  return call_function(call.text, std::move(values));
}

std::optional<bool> Evaluator::truth(const Expression& expression, int level) {
  const Known value = evaluate(expression, level + 1);
  return value ? boolean_of(*value) : std::nullopt;
}

Evaluator::Known Evaluator::logical(const Expression& call, int level) {
  const bool decisive = call.text == "or";
  bool all_known = true;
  for (const Expression& each : call.operands) {
    const auto value = truth(each, level);
    if (value == decisive) return make_boolean(decisive);
    all_known = all_known && value.has_value();
  }
  return all_known ? Known(make_boolean(!decisive)) : std::nullopt;
}

Evaluator::Known Evaluator::coalesce(const Expression& call, int level) {
  for (const Expression& each : call.operands) {
    Known value = evaluate(each, level + 1);
    if (!value || value->kind != Kind::kNull) return value;
  }
  return make_null();
}

Evaluator::Known Evaluator::reference(const Expression& call, Lookup lookup, int level) {
  if (call.operands.size() != 1) return std::nullopt;
  const Known name = evaluate(call.operands[0], level + 1);
  if (!name || name->kind != Kind::kScalar) return std::nullopt;
  Known value = (this->*lookup)(name->text, level + 1);
  return value && is_unknown(*value) ? std::nullopt : std::move(value);
}

Evaluator::Known Evaluator::parameter(std::string_view name, int level) {
  const auto given = deployment_.given.find(base::lower(name));
  if (given != deployment_.given.end()) {
    const auto& [value, line] = given->second;
    if (!budget_.take_nodes(cost_of(value))) return std::nullopt;
    if (default_line_ == 0) default_line_ = line;
    return value;
  }
  const Value* all = member_anycase(*deployment_.body, "parameters");
  const Value* declared = all == nullptr ? nullptr : member_anycase(*all, name);
  if (declared == nullptr) return std::nullopt;
  const bool open = deployment_.open == Deployment::Open::kYes;
  if (const Value* value = member_anycase(*declared, "defaultValue")) {
    Value known = node(*value, level);
    if (open && !is_unknown(known) && default_line_ == 0) default_line_ = value->line;
    return known;
  }
  const Value* nullable = member_anycase(*declared, "nullable");
  if (open || nullable == nullptr || !boolean_of(*nullable).value_or(false)) return std::nullopt;
  return make_null();
}

Evaluator::Known Evaluator::variable(std::string_view name, int level) {
  const Value* all = member_anycase(*deployment_.body, "variables");
  if (all == nullptr) return std::nullopt;
  if (const Value* found = member_anycase(*all, name)) return node(*found, level);
  const Value* loops = member_anycase(*all, "copy");
  for (size_t i = 0; loops != nullptr && i < loops->items.size(); ++i) {
    const Value* other = member_anycase(loops->items[i], "name");
    if (other != nullptr && base::iequals(other->text, name))
      return loop(loops->items[i], base::lower(name), level);
  }
  return std::nullopt;
}

}  // namespace aks::arm
