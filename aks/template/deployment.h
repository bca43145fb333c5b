// One template with the values of its parameters: what its expressions refer to.
#pragma once

#include <map>
#include <string>
#include <string_view>

#include "aks/template/functions.h"

namespace aks::arm {

// A value, and what it came from.
struct Evaluated {
  Value value;
  // The line of the default of a parameter that went into it, 0 when there was none: the deployment
  // may give another.
  int default_line = 0;
};

struct Deployment {
  const config::Node* body = nullptr;  // has parameters and variables; outlives this
  std::map<std::string, Evaluated, std::less<>>
      given;  // values of parameters, by name in small letters
  // Whether more may be given when it is deployed. Not so for a template inside another one that
  // hands it everything.
  enum class Open { kYes, kNo } open = Open::kYes;
  // How often the loops around the value ("copy") went round before, by name in small letters; that
  // of the resource has "" as well.
  std::map<std::string, size_t, std::less<>> positions = {};
};

// What evaluation may take. Beyond, values are unknown.
inline constexpr int kMaxSteps = 1000;  // calls and references, for one value of the template
inline constexpr size_t kMaxValueNodes = 20'000;   // parts of values copied, for one value
inline constexpr size_t kMaxNodesOfAll = 400'000;  // for one document
inline constexpr size_t kMaxCopies = 800;          // rounds of one loop, as many as ARM allows

// The rest of what evaluation may take; one for a document.
class Budget {
 public:
  // Begins another value.
  void next();
  // Begins a value within another one, an element of a list that a loop makes. The guard goes back
  // to the outer one.
  class Element {
   public:
    explicit Element(Budget& budget);
    ~Element();
    Element(const Element&) = delete;
    Element& operator=(const Element&) = delete;

   private:
    Budget& budget_;
    const int steps_;
    const size_t nodes_;
  };
  // Whether that much is left, which it then is no more.
  bool take_step();
  bool take_nodes(size_t count);

 private:
  int steps_ = kMaxSteps;
  size_t nodes_ = kMaxValueNodes;
  size_t all_ = kMaxNodesOfAll;
};

// Evaluates one value of the template, parts included. What can't be known (aks::is_unknown) keeps
// the expression's text and place; only the value that depends on it is unknown, not what stands
// around. Values that expressions make have the place of the expression, those that stand in the
// document their own. Reads "[[" as "[". Objects get the members that their "copy" makes by loops,
// [{"name": NAME, "count": …, "input": …}], in its place.
Evaluated evaluate(const config::Node& node, const Deployment& deployment, Budget& budget);

// Whether a member of an object makes others by loops.
bool is_loops(const config::Node& key, const config::Node& value);

// An object of what evaluate() makes of that member alone.
Evaluated evaluate_loops(const config::Node& key, const config::Node& value,
                         const Deployment& deployment, Budget& budget);

}  // namespace aks::arm
