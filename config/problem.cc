#include "config/problem.h"

#include <algorithm>

namespace config {
namespace {

std::string place(const std::string& name, int line) {
  return line > 0 ? name + ":" + std::to_string(line) : name;
}

}  // namespace

std::string to_string(const Problem& problem) {
  return place(problem.file, problem.line) +
         (problem.severity == Severity::kWarning ? ": warning: " : ": ") + problem.message;
}

bool has_errors(const std::vector<Problem>& problems) {
  return std::any_of(problems.begin(), problems.end(),
                     [](const Problem& problem) { return problem.severity == Severity::kError; });
}

std::string to_string(const Origin& origin) {
  switch (origin.layer) {
    case Layer::kDefault: break;
    case Layer::kFile: return place(origin.name, origin.line);
    case Layer::kFlag: return "flag " + origin.name;
    case Layer::kEnvironment: return "environment " + origin.name;
  }
  return "default";
}

Origin origin_of(const Sources& sources, std::string_view key) {
  while (!key.empty()) {
    if (const auto found = sources.find(key); found != sources.end()) return found->second;
    const size_t cut = key.find_last_of(".[");
    key = key.substr(0, cut == std::string_view::npos ? 0 : cut);
  }
  return {};
}

Problem problem_at(Severity severity, const std::string& key, std::string message,
                   const Sources& sources, const std::string& file) {
  Origin origin = origin_of(sources, key);
  if (origin.layer == Layer::kDefault) origin.name = file;
  return {severity, std::move(origin.name), origin.line, origin.column, key, std::move(message)};
}

}  // namespace config
