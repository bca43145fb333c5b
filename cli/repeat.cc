#include "cli/repeat.h"

#include <algorithm>

#include "base/ascii.h"
#include "base/file.h"
#include "check/baseline.h"

namespace cli {
namespace {

std::string quoted(const std::string& word) {
  const auto is_plain = [](char c) {
    return base::is_alpha(c) || base::is_digit(c) ||
           std::string_view("-_./:=,+@%").find(c) != std::string_view::npos;
  };
  if (!word.empty() && std::all_of(word.begin(), word.end(), is_plain)) return word;
  std::string out = "'";
  for (const char c : word) out += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return out + "'";
}

}  // namespace

base::Result<std::string> read_baseline(const std::string& path) {
  if (path.empty()) return std::string();
  auto text = base::read_file(path, check::kMaxBaseline);
  if (!text) return text;
  const auto trial = check::compare_with(*text, {});
  if (trial) return text;
  return base::fail(trial.error().code, trial.error().party, path + ": " + trial.error().detail);
}

void tell_difference(const std::string& earlier, check::Report& report) {
  if (earlier.empty()) return;
  auto difference = check::compare_with(earlier, report);
  if (difference) report.difference = std::move(*difference);
}

std::string quoted_for_shell(const std::vector<std::string>& words) {
  std::string out;
  for (const std::string& word : words) out += (out.empty() ? "" : " ") + quoted(word);
  return out;
}

std::string own_command() {
  constexpr size_t kMaxCommand = 256 * 1024;
  const auto text = base::read_file("/proc/self/cmdline", kMaxCommand);
  if (!text || text->empty()) return "";
  // Each word ends in a NUL. The first is the program, wherever it was.
  std::vector<std::string> words;
  for (size_t at = 0; at < text->size();) {
    const size_t end = std::min(text->find('\0', at), text->size());
    words.push_back(words.empty() ? "sluice" : text->substr(at, end - at));
    at = end + 1;
  }
  return quoted_for_shell(words);
}

}  // namespace cli
