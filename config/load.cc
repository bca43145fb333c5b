#include "config/load.h"

#include <algorithm>

#include "base/file.h"
#include "config/bounds.h"
#include "config/check.h"
#include "config/fields.h"
#include "config/node.h"

namespace config {
namespace {

void read_text(std::string_view text, const std::string& file_name, Loaded& loaded) {
  auto parsed = parse_yaml(text);
  if (auto* failure = std::get_if<SyntaxError>(&parsed)) {
    loaded.problems.push_back(Problem{Severity::kError, file_name, failure->line, failure->column,
                                      "", std::move(failure->message)});
    return;
  }
  const Node& root = std::get<Node>(parsed);
  if (root.kind == Node::Kind::kNull) return;
  Report report(Origin{Layer::kFile, file_name}, loaded.sources, loaded.problems);
  read_mapping(root, fields_of(loaded.config), "", report);
}

// Whether a value in or around `key` was refused, so that what seems wrong with it may be a
// consequence only.
bool is_consequence(const Problem& problem, const std::vector<Problem>& causes) {
  return std::any_of(causes.begin(), causes.end(), [&problem](const Problem& cause) {
    const std::string& a = problem.key;
    const std::string& b = cause.key;
    return !b.empty() && (a.starts_with(b) || b.starts_with(a));
  });
}

void append(std::vector<Problem>& to, std::vector<Problem> from) {
  std::move(from.begin(), from.end(), std::back_inserter(to));
}

}  // namespace

Loaded load_text(std::string_view text, const std::string& file_name, const Overrides& overrides) {
  Loaded loaded;
  read_text(text, file_name, loaded);
  append(loaded.problems, overrides.problems);
  for (const Override& each : overrides.values) {
    append(loaded.problems, apply_override(loaded.config, loaded.sources, each));
  }
  std::vector<Problem> between = settle_bounds(loaded.config, loaded.sources, file_name);
  append(between, check(loaded.config, loaded.sources, file_name));
  std::erase_if(between, [&loaded](const Problem& problem) {
    return is_consequence(problem, loaded.problems);
  });
  append(loaded.problems, std::move(between));
  std::stable_sort(loaded.problems.begin(), loaded.problems.end(),
                   [&file_name](const Problem& a, const Problem& b) {
                     return std::pair(a.file != file_name, a.line) <
                            std::pair(b.file != file_name, b.line);
                   });
  if (loaded.problems.size() >= Report::kMaxProblems) {
    loaded.problems.push_back(Problem{Severity::kError, file_name, 0, 0, "",
                                      "there may be more problems than those shown"});
  }
  return loaded;
}

base::Result<Loaded> load_file(const std::string& path, const Overrides& overrides) {
  auto text = base::read_file(path, kMaxFileBytes);
  if (!text) {
    base::Error error = std::move(text).error();
    error.detail += ", or name another file with -c";
    return base::fail(std::move(error));
  }
  Loaded loaded = load_text(*text, path, overrides);
  loaded.text = std::move(*text);
  return loaded;
}

}  // namespace config
