#include "check/no_answer.h"

#include <algorithm>
#include <sstream>

#include "base/ascii.h"
#include "base/escape.h"

namespace check {
namespace {

constexpr size_t kMaxLine = 512;

}  // namespace

std::string no_answer_words(const base::Error& error, std::string_view asked,
                            std::string_view begin) {
  const std::string who(asked);
  switch (error.code) {
    case base::ErrorCode::kOriginClosed:
      return who + " closed the connection " +
             (begin.empty() ? "without an answer" : "in the middle of its answer's head");
    case base::ErrorCode::kOriginReset:
      return who + " reset the connection (" + base::errno_name(error.cause) + ")";
    case base::ErrorCode::kIdleTimeout: return who + " did not answer in time (--timeout)";
    default: break;
  }
  std::string words;
  constexpr std::string_view kOrigin = "the origin";
  for (size_t at = 0; at < error.detail.size();) {
    const size_t found = std::min(error.detail.find(kOrigin, at), error.detail.size());
    words.append(error.detail, at, found - at);
    if (found < error.detail.size()) words += who;
    at = found + kOrigin.size();
  }
  if (!begin.empty()) words += " (it begins \"" + base::printable(begin) + "\")";
  return words;
}

std::string page_words(const std::string& body) {
  std::istringstream lines(body);
  for (std::string line; std::getline(lines, line);) {
    if (line.starts_with('<') || line.size() > kMaxLine) return {};
    if (!line.empty() && !base::is_digit(line.front())) return ": " + line;
  }
  return {};
}

}  // namespace check
