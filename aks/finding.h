// What a check of somebody's input found: always all of it, never only the first problem.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace aks {

// kError: AKS refuses it, or nodes would break. kWarning: accepted, but not what people expect.
enum class Severity { kNote, kWarning, kError };

struct Finding {
  Severity severity = Severity::kError;
  std::string rule;     // stable name, e.g. "proxy-credentials"
  std::string path;     // JSON path ("$.noProxy[3]") or the environment variable's name
  std::string message;  // a sentence: what, why, next step; input in it is escaped
  std::string fix{};    // what to write instead, as JSON; "" when only people can decide
  int line = 0;         // in the document, from 1; 0 where there is none
  int column = 0;       // octets, from 1
};

bool has_errors(const std::vector<Finding>& findings);

// "error", "warning", "note".
std::string_view token_of(Severity severity);

// How many findings have this severity.
size_t count(const std::vector<Finding>& findings, Severity severity);

// "error: $.noProxy[3]: sentence [rule]", one line without newline.
std::string to_string(const Finding& finding);

// `text` in double quotes, escaped and cut, as findings cite input.
std::string cite(std::string_view text);

// `text` as a JSON string, for fixes.
std::string json_string(std::string_view text);

}  // namespace aks
