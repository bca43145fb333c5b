// What is wrong with a configuration, and where every value of one came from.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace config {

enum class Severity {
  kError,    // the configuration is not used
  kWarning,  // it is used, and somebody should look
};

// One thing to put right.
struct Problem {
  Severity severity = Severity::kError;
  std::string file;  // or what else set the value: "--listen", "SLUICE_LISTEN"
  int line = 0;      // from 1; 0 where there is none
  int column = 0;
  std::string key;      // "policy.rules[2].hosts[0]"; empty when the text is no YAML at all
  std::string message;  // a sentence that names the key, what it is and what was expected

  friend bool operator==(const Problem&, const Problem&) = default;
};

// `sluice.yaml:12: timeouts.idle is "5x"; expected a duration such as "5s" or "2m"`
std::string to_string(const Problem& problem);

bool has_errors(const std::vector<Problem>& problems);

// The layers of a configuration; a later one overrides an earlier one.
enum class Layer { kDefault, kFile, kEnvironment, kFlag };

// Where a value came from.
struct Origin {
  Layer layer = Layer::kDefault;
  std::string name;  // the file, the flag or the variable
  int line = 0;
  int column = 0;

  friend bool operator==(const Origin&, const Origin&) = default;
};

// "default", "sluice.yaml:12", "flag --workers", "environment SLUICE_WORKERS"
std::string to_string(const Origin& origin);

// The origin of every key and list element that was set; what is absent has its default.
using Sources = std::map<std::string, Origin, std::less<>>;

// The origin of `key`, or of the nearest thing around it that was set ("policy.rules[1]" for
// "policy.rules[1].ports"), or the default.
Origin origin_of(const Sources& sources, std::string_view key);

// A problem with `key`, placed where its value came from, or in `file` without a line when nobody
// set it.
Problem problem_at(Severity severity, const std::string& key, std::string message,
                   const Sources& sources, const std::string& file);

}  // namespace config
