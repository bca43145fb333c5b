// Collects, while nodes are read, what is wrong and where each value came from.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "config/node.h"
#include "config/problem.h"

namespace config {

class Report {
 public:
  // Nobody reads on after this many; it also bounds the work on hostile text.
  static constexpr std::size_t kMaxProblems = 100;

  // `origin` is what is being read; its line and column are replaced by each node's. `sources` and
  // `problems` are added to and outlive the report.
  Report(Origin origin, Sources& sources, std::vector<Problem>& problems)
      : origin_(std::move(origin)), sources_(sources), problems_(problems) {}

  // Notes that `key` has its value from `node`.
  void set(const std::string& key, const Node& node);
  // Notes a problem with `key`; the sentence is `message`. Those above kMaxProblems are dropped.
  void error(const Node& node, std::string_view key, std::string message);
  bool full() const { return problems_.size() >= kMaxProblems; }

 private:
  Origin origin_;
  Sources& sources_;
  std::vector<Problem>& problems_;
};

// `"5x"`, "a list", "a mapping" or "empty": what a node is, for "KEY is …". Escaped and cut.
std::string described(const Node& node);

}  // namespace config
