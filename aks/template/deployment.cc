#include "aks/template/deployment.h"

#include "aks/template/evaluator.h"
#include "base/ascii.h"

namespace aks::arm {

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
  if (nodes_ < count || all_ < count) {
    // What is too large has been made already, and is not made again and again.
    nodes_ = 0;
    if (all_ < count) all_ = 0;
    return false;
  }
  nodes_ -= count;
  all_ -= count;
  return true;
}

Budget::Element::Element(Budget& budget)
    : budget_(budget), steps_(budget.steps_), nodes_(budget.nodes_) {
  budget.next();
}

Budget::Element::~Element() {
  budget_.steps_ = steps_;
  budget_.nodes_ = nodes_;
}

bool is_loops(const config::Node& key, const config::Node& value) {
  return base::iequals(key.text, "copy") && value.kind == Value::Kind::kList;
}

Evaluated evaluate_loops(const config::Node& key, const config::Node& value,
                         const Deployment& deployment, Budget& budget) {
  Value object;
  object.kind = Value::Kind::kMap;
  object.line = value.line;
  object.column = value.column;
  object.keys = {key};
  object.items = {value};
  return evaluate(object, deployment, budget);
}

Evaluated evaluate(const config::Node& node, const Deployment& deployment, Budget& budget) {
  Evaluator evaluator(deployment, budget);
  Evaluated out;
  out.value = evaluator.node(node, 0);
  out.default_line = evaluator.default_line();
  return out;
}

}  // namespace aks::arm
