#include "aks/audit/node_lines.h"

#include <algorithm>
#include <array>

#include "base/ascii.h"

namespace aks::audit {
namespace {

constexpr std::array<std::string_view, 6> kNames = {"HTTP_PROXY",  "http_proxy", "HTTPS_PROXY",
                                                    "https_proxy", "NO_PROXY",   "no_proxy"};

bool is_known(std::string_view name) {
  return std::find(kNames.begin(), kNames.end(), name) != kNames.end();
}

std::string_view unquoted(std::string_view text) {
  const bool quoted = text.size() >= 2 && (text.front() == '"' || text.front() == '\'') &&
                      text.back() == text.front();
  return quoted ? text.substr(1, text.size() - 2) : text;
}

void add(std::string_view word, int line, std::vector<Assignment>& out) {
  const size_t equals = word.find('=');
  if (equals == std::string_view::npos || !is_known(word.substr(0, equals))) return;
  out.push_back(
      {std::string(word.substr(0, equals)), std::string(unquoted(word.substr(equals + 1))), line});
}

// Words between blanks; quotes keep blanks together (systemd.syntax(7), without its escapes).
void add_words(std::string_view text, int line, std::vector<Assignment>& out) {
  while (true) {
    text = base::trim_ows(text);
    if (text.empty()) return;
    const char quote = text.front() == '"' || text.front() == '\'' ? text.front() : ' ';
    const size_t start = quote == ' ' ? 0 : 1;
    const size_t end = std::min(text.size(), text.find(quote, start));
    add(text.substr(start, end - start), line, out);
    text.remove_prefix(std::min(text.size(), end + 1));
  }
}

// Acquire::http::proxy "VALUE"; names are read in any case.
void add_apt(std::string_view text, int line, std::vector<Assignment>& out) {
  const size_t blank = text.find_first_of(" \t");
  if (blank == std::string_view::npos) return;
  const std::string key = base::lower(text.substr(0, blank));
  std::string_view value = base::trim_ows(text.substr(blank));
  if (value.ends_with(';')) value.remove_suffix(1);
  const char* name = key == "acquire::http::proxy"    ? "HTTP_PROXY"
                     : key == "acquire::https::proxy" ? "HTTPS_PROXY"
                                                      : nullptr;
  if (name != nullptr) out.push_back({name, std::string(unquoted(base::trim_ows(value))), line});
}

void add_line(std::string_view text, int line, Syntax syntax, std::vector<Assignment>& out) {
  const auto after = [text](std::string_view key) {
    return text.starts_with(key) ? text.substr(key.size()) : std::string_view();
  };
  switch (syntax) {
    case Syntax::kEnvironment:
      if (text.starts_with("export ")) text.remove_prefix(7);
      return add(base::trim_ows(text), line, out);
    case Syntax::kApt: return add_apt(text, line, out);
    case Syntax::kManager: return add_words(after("DefaultEnvironment="), line, out);
    case Syntax::kUnit: return add_words(after("Environment="), line, out);
  }
}

}  // namespace

std::vector<Assignment> read_assignments(std::string_view text, Syntax syntax) {
  std::vector<Assignment> out;
  for (int line = 1; !text.empty(); ++line) {
    const size_t end = std::min(text.size(), text.find('\n'));
    std::string_view content = base::trim_ows(text.substr(0, end));
    if (content.ends_with('\r')) content.remove_suffix(1);
    add_line(content, line, syntax, out);
    text.remove_prefix(std::min(text.size(), end + 1));
  }
  return out;
}

}  // namespace aks::audit
