#include "config/load.h"

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <memory>
#include <system_error>

#include "config/bounds.h"
#include "config/check.h"
#include "config/fields.h"
#include "config/node.h"

namespace config {
namespace {

struct CloseFile {
  void operator()(std::FILE* file) const { std::fclose(file); }
};

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

base::Failure unreadable(const std::string& path) {
  const int cause = errno;
  return base::fail(base::ErrorCode::kIo, base::Party::kProxy,
                    path + " can't be read (" + base::errno_name(cause) + ": " +
                        std::generic_category().message(cause) +
                        "); check the path and its permissions, or name another file with -c",
                    cause);
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
  const std::unique_ptr<std::FILE, CloseFile> file(std::fopen(path.c_str(), "rbe"));
  if (!file) return unreadable(path);
  // One octet more than allowed, for parse_yaml to see that it is too many.
  std::string text(kMaxFileBytes + 1, '\0');
  text.resize(std::fread(text.data(), 1, text.size(), file.get()));
  if (std::ferror(file.get()) != 0) return unreadable(path);
  return load_text(text, path, overrides);
}

}  // namespace config
