#include "aks/excerpt.h"

#include <algorithm>

#include "base/ascii.h"

namespace aks {
namespace {

constexpr size_t kWidth = 96;    // of the shown part
constexpr size_t kBefore = 40;   // shown in front of the column when the line is cut
constexpr size_t kLongRun = 40;  // base64 beyond this is data, not a name
constexpr size_t kRunShown = 8;
constexpr size_t kReach = 4096;  // octets before and behind the column that are looked at

bool is_base64(char c) {
  return base::is_alpha(c) || base::is_digit(c) || c == '+' || c == '/' || c == '=';
}

void mask(std::string& line, size_t from, size_t to) {
  for (size_t i = from; i < to; ++i) line[i] = '*';
}

// Userinfo within one quoted string, or within what stands between two.
void mask_userinfo(std::string& line, size_t from, size_t to) {
  const std::string_view part = std::string_view(line).substr(from, to - from);
  const size_t sign = part.rfind('@');
  const size_t escaped = part.rfind("\\u0040");
  if (sign == part.npos && escaped == part.npos) return;
  const size_t end = std::max(sign == part.npos ? 0 : sign, escaped == part.npos ? 0 : escaped);
  const size_t scheme = part.find("://");
  mask(line, from + (scheme < end ? scheme + 3 : 0), from + end);
}

// The end of the token that begins at `start`.
size_t token_end(std::string_view line, size_t start) {
  if (start >= line.size()) return start;
  const char quote = line[start];
  if (quote == '"' || quote == '\'') {
    for (size_t i = start + 1; i < line.size(); ++i) {
      if (line[i] == '\\') {
        ++i;
      } else if (line[i] == quote) {
        return i + 1;
      }
    }
    return line.size();
  }
  if (quote == '[' || quote == '{') return start + 1;
  const size_t end = std::min(line.find_first_of(" \t,]}", start + 1), line.size());
  return line[end - 1] == ':' ? end - 1 : end;
}

}  // namespace

std::string_view line_of(std::string_view text, int line) {
  if (line < 1) return {};
  while (--line > 0) {
    const size_t end = text.find('\n');
    if (end == text.npos) return {};
    text.remove_prefix(end + 1);
  }
  text = text.substr(0, text.find('\n'));
  return text.ends_with('\r') ? text.substr(0, text.size() - 1) : text;
}

std::string without_secrets(std::string_view line) {
  std::string out(line);
  size_t start = 0;
  for (size_t i = 0; i < out.size(); ++i) {
    if (out[i] == '\\') {
      ++i;
    } else if (out[i] == '"') {
      mask_userinfo(out, start, i);
      start = i + 1;
    }
  }
  mask_userinfo(out, start, out.size());
  for (size_t i = 0; i < out.size();) {
    const auto end =
        std::find_if_not(out.begin() + static_cast<std::ptrdiff_t>(i), out.end(), is_base64);
    const auto stop = static_cast<size_t>(end - out.begin());
    if (stop - i >= kLongRun) mask(out, i + kRunShown, stop);
    i = stop + 1;
  }
  return out;
}

Excerpt excerpt(std::string_view text, int line, int column) {
  std::string_view whole = line_of(text, line);
  if (column < 1 || whole.empty() || static_cast<size_t>(column) > whole.size() + 1) return {};
  auto at = static_cast<size_t>(column - 1);
  const size_t far = at > kReach ? at - kReach : 0;
  whole = whole.substr(far, 2 * kReach);
  at -= far;
  size_t end = std::max(token_end(whole, at), at + 1);
  std::string shown = without_secrets(whole);
  for (char& c : shown) {
    if (c == '\t') c = ' ';
    if (static_cast<unsigned char>(c) < 0x20 || static_cast<unsigned char>(c) >= 0x7f) c = '?';
  }
  size_t from = 0;
  std::string before;
  if (shown.size() > kWidth && at > kBefore) {
    from = at - kBefore;
    before = "...";
  }
  std::string after = shown.size() - from > kWidth ? "..." : "";
  shown = shown.substr(from, kWidth);
  end = std::min(end, from + shown.size());
  const size_t width = end > at ? end - at : 1;
  return {before + shown + after,
          std::string(before.size() + at - from, ' ') + "^" + std::string(width - 1, '~')};
}

}  // namespace aks
