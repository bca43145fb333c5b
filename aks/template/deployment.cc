#include <optional>

#include "aks/document.h"
#include "aks/template/deployment.h"
#include "aks/template/expression.h"
#include "aks/template/functions_lists.h"
#include "base/ascii.h"

namespace aks::arm {
namespace {

using Kind = Value::Kind;

// What copying it costs, in nodes: a long text counts for several.
size_t cost_of_text(const Value& value) { return 1 + value.text.size() / 64; }

size_t cost_of(const Value& value) {
  size_t total = cost_of_text(value);
  for (const Value& item : value.items) total += cost_of(item);
  return total;
}

// What was made has no place yet.
void give_place(Value& value, const Value& node) {
  if (value.line == 0) {
    value.line = node.line;
    value.column = node.column;
  }
  for (Value& key : value.keys) give_place(key, node);
  for (Value& item : value.items) give_place(item, node);
}

class Evaluator {
 public:
  Evaluator(const Deployment& deployment, Budget& budget)
      : deployment_(deployment), budget_(budget) {}

  Value node(const Value& node, int level) {
    Value out;
    out.line = node.line;
    out.column = node.column;
    if (level > kMaxLevels || !budget_.take_nodes(cost_of_text(node))) return unknown(node);
    if (node.kind == Kind::kScalar) return scalar(node, level);
    out.kind = node.kind;
    out.keys = node.keys;
    for (const Value& item : node.items) out.items.push_back(this->node(item, level + 1));
    if (node.kind == Kind::kMap) add_copies(out);
    return out;
  }

  int default_line() const { return default_line_; }

 private:
  using Known = std::optional<Value>;

  static Value unknown(const Value& node) {
    Value out = node;
    const std::string text = node.kind == Kind::kScalar ? node.text : "…";
    const bool bracketed = text.starts_with('[') && text.ends_with(']') && text.size() > 1;
    make_unknown(out, bracketed ? text.substr(1, text.size() - 2) : text);
    return out;
  }

  Value scalar(const Value& node, int level) {
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

  Known evaluate(const Expression& expression, int level) {
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

  Known element(const Expression& expression, const Value& key, int level) {
    Known container = evaluate(expression.operands[0], level + 1);
    if (!container) return std::nullopt;
    return element_of(std::move(*container), key, Missing::kUnknown);
  }

  // Functions that do not look at all of their operands come first.
  Known call(const Expression& call, int level) {
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
    std::vector<Value> values;
    for (const Expression& each : operands) {
      Known value = evaluate(each, level + 1);
      values.push_back(value ? std::move(*value) : unknown(make_text("")));
      if (!budget_.take_nodes(cost_of(values.back()))) return std::nullopt;
    }
    return call_function(call.text, std::move(values));
  }

  std::optional<bool> truth(const Expression& expression, int level) {
    const Known value = evaluate(expression, level + 1);
    return value ? boolean_of(*value) : std::nullopt;
  }

  Known logical(const Expression& call, int level) {
    const bool decisive = call.text == "or";
    bool all_known = true;
    for (const Expression& each : call.operands) {
      const auto value = truth(each, level);
      if (value == decisive) return make_boolean(decisive);
      all_known = all_known && value.has_value();
    }
    return all_known ? Known(make_boolean(!decisive)) : std::nullopt;
  }

  Known coalesce(const Expression& call, int level) {
    for (const Expression& each : call.operands) {
      Known value = evaluate(each, level + 1);
      if (!value || value->kind != Kind::kNull) return value;
    }
    return make_null();
  }

  using Lookup = Known (Evaluator::*)(std::string_view name, int level);
  Known reference(const Expression& call, Lookup lookup, int level) {
    if (call.operands.size() != 1) return std::nullopt;
    const Known name = evaluate(call.operands[0], level + 1);
    if (!name || name->kind != Kind::kScalar) return std::nullopt;
    Known value = (this->*lookup)(name->text, level + 1);
    return value && is_unknown(*value) ? std::nullopt : std::move(value);
  }

  Known parameter(std::string_view name, int level) {
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

  Known variable(std::string_view name, int level) {
    const Value* all = member_anycase(*deployment_.body, "variables");
    const Value* found = all == nullptr ? nullptr : member_anycase(*all, name);
    return found == nullptr ? std::nullopt : Known(node(*found, level));
  }

  const Deployment& deployment_;
  Budget& budget_;
  int default_line_ = 0;
};

}  // namespace

void Budget::next() {
  steps_ = kMaxSteps;
  nodes_ = kMaxValueNodes;
}

bool Budget::take_step() {
  if (steps_ == 0 || all_ == 0) return false;
  --steps_;
  --all_;
  return true;
}

bool Budget::take_nodes(size_t count) {
  if (nodes_ < count || all_ < count) return false;
  nodes_ -= count;
  all_ -= count;
  return true;
}

void add_copies(Value& object) {
  const Value* copies = member_anycase(object, "copy");
  if (copies == nullptr || copies->kind != Kind::kList) return;
  const Value list = *copies;
  for (const Value& copy : list.items) {
    const Value* name = member_anycase(copy, "name");
    if (name == nullptr || member_anycase(object, name->text) != nullptr) continue;
    object.keys.push_back(*name);
    object.items.push_back(copy);
    make_unknown(object.items.back(), "copy");
  }
}

Evaluated evaluate(const config::Node& node, const Deployment& deployment, Budget& budget) {
  Evaluator evaluator(deployment, budget);
  Evaluated out;
  out.value = evaluator.node(node, 0);
  out.default_line = evaluator.default_line();
  return out;
}

}  // namespace aks::arm
