// Evaluates the expressions of one template: what evaluate() and evaluate_loops() are made of.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "aks/template/deployment.h"
#include "aks/template/expression.h"

namespace aks::arm {

// Lives for one value. `deployment` and `budget` outlive it.
class Evaluator {
 public:
  Evaluator(const Deployment& deployment, Budget& budget)
      : deployment_(deployment), budget_(budget), positions_(deployment.positions) {}

  // The value with all its parts; `level` counts how deep it nests.
  Value node(const Value& node, int level);

  // Of the first parameter whose default went into a value, 0 when there was none.
  int default_line() const { return default_line_; }

 private:
  using Known = std::optional<Value>;  // nullopt: only a deployment knows

  static Value unknown(const Value& node);
  Value scalar(const Value& node, int level);
  Known evaluate(const Expression& expression, int level);
  Known element(const Expression& expression, const Value& key, int level);
  Known call(const Expression& call, int level);
  std::optional<bool> truth(const Expression& expression, int level);
  Known logical(const Expression& call, int level);
  Known coalesce(const Expression& call, int level);

  // What a name stands for.
  using Lookup = Known (Evaluator::*)(std::string_view name, int level);
  Known reference(const Expression& call, Lookup lookup, int level);
  Known parameter(std::string_view name, int level);
  Known variable(std::string_view name, int level);
  Known lambda_variable(std::string_view name, int level);

  // Loops: "copy", and functions that go through a list.
  void add_loops(const Value& loops, Value& object, int level);
  Value loop(const Value& loop, const std::string& name, int level);
  Known each_of(const Expression& call, int level);
  Known map(const Value& list, const Expression& lambda, int level);
  Known filter(const Value& list, const Expression& lambda, int level);
  bool bind(const Expression& lambda, const Value& item, size_t index);
  Known position(const Expression& call, int level);

  const Deployment& deployment_;
  Budget& budget_;
  std::map<std::string, size_t, std::less<>> positions_;
  std::map<std::string, Value, std::less<>> variables_;  // of the lambdas around
  int default_line_ = 0;
};

// What copying a value costs, in nodes: a long text counts for several.
size_t cost_of(const Value& value);

}  // namespace aks::arm
