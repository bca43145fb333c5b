// Loops of templates: "copy", and functions that go through a list.
#include "aks/document.h"
#include "aks/template/evaluator.h"
#include "base/ascii.h"

namespace aks::arm {

using Kind = Value::Kind;

void Evaluator::add_loops(const Value& loops, Value& object, int level) {
  for (const Value& each : loops.items) {
    const Value* name = member_anycase(each, "name");
    if (name == nullptr || name->kind != Kind::kScalar) continue;
    if (member_anycase(object, name->text) != nullptr) continue;
    object.keys.push_back(*name);
    object.items.push_back(loop(each, base::lower(name->text), level + 1));
  }
}

// The list that one loop makes.
Value Evaluator::loop(const Value& loop, const std::string& name, int level) {
  const Value* count_node = member_anycase(loop, "count");
  const Value* input = member_anycase(loop, "input");
  if (count_node == nullptr || input == nullptr) return unknown(loop);
  const auto count = number_of(node(*count_node, level));
  if (!count || *count > kMaxCopies) return unknown(loop);
  Value out;
  out.kind = Kind::kList;
  out.line = loop.line;
  out.column = loop.column;
  const auto around = positions_;
  for (size_t i = 0; i < *count; ++i) {
    positions_[name] = i;
    const Budget::Element element(budget_);
    out.items.push_back(node(*input, level));
  }
  positions_ = around;
  return out;
}

// map(LIST, lambda('NAME', VALUE)), filter(LIST, lambda('NAME', CONDITION)); a second name is the
// index.
Evaluator::Known Evaluator::each_of(const Expression& call, int level) {
  if (call.operands.size() != 2) return std::nullopt;
  const Expression& lambda = call.operands[1];
  if (lambda.kind != Expression::Kind::kCall || lambda.text != "lambda") return std::nullopt;
  const Known list = evaluate(call.operands[0], level + 1);
  if (!list || list->kind != Kind::kList) return std::nullopt;
  const auto around = variables_;
  Known out = call.text == "map" ? map(*list, lambda, level) : filter(*list, lambda, level);
  variables_ = around;
  return out;
}

Evaluator::Known Evaluator::map(const Value& list, const Expression& lambda, int level) {
  Value out;
  out.kind = Kind::kList;
  for (size_t i = 0; i < list.items.size(); ++i) {
    const Budget::Element element(budget_);
    if (!bind(lambda, list.items[i], i)) return std::nullopt;
    Known made = evaluate(lambda.operands.back(), level + 1);
    out.items.push_back(made ? std::move(*made) : unknown(make_text("")));
  }
  return out;
}

Evaluator::Known Evaluator::filter(const Value& list, const Expression& lambda, int level) {
  Value out;
  out.kind = Kind::kList;
  for (size_t i = 0; i < list.items.size(); ++i) {
    const Budget::Element element(budget_);
    if (!bind(lambda, list.items[i], i)) return std::nullopt;
    const auto kept = truth(lambda.operands.back(), level);
    if (!kept) return std::nullopt;
    if (*kept) out.items.push_back(list.items[i]);
  }
  return out;
}

// Gives the names of a lambda what they stand for. False when it is no lambda of ARM, or the budget
// is used up.
bool Evaluator::bind(const Expression& lambda, const Value& item, size_t index) {
  const size_t names = lambda.operands.size();
  if (names < 2 || names > 3 || !budget_.take_nodes(cost_of(item))) return false;
  for (size_t i = 0; i + 1 < lambda.operands.size(); ++i) {
    const Expression& name = lambda.operands[i];
    if (name.kind != Expression::Kind::kText) return false;
    variables_[base::lower(name.text)] = i == 0 ? item : make_number(index);
  }
  return true;
}

Evaluator::Known Evaluator::lambda_variable(std::string_view name, int) {
  const auto found = variables_.find(base::lower(name));
  if (found == variables_.end() || !budget_.take_nodes(cost_of(found->second))) return std::nullopt;
  return found->second;
}

// copyIndex(), copyIndex('NAME'), each with a number that is added.
Evaluator::Known Evaluator::position(const Expression& call, int level) {
  std::string name;
  size_t added = 0;
  for (const Expression& each : call.operands) {
    const Known value = evaluate(each, level + 1);
    if (!value || value->kind != Kind::kScalar) return std::nullopt;
    if (const auto number = number_of(*value)) {
      added = *number;
    } else {
      name = base::lower(value->text);
    }
  }
  const auto found = positions_.find(name);
  return found == positions_.end() ? std::nullopt : Known(make_number(found->second + added));
}

}  // namespace aks::arm
