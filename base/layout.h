// Plain text for terminals: words broken into lines, columns filled up. Counts octets, so text has
// to be printable ASCII (base/escape.h).
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace base {

// Breaks at spaces; words longer than `width` are cut, behind a comma where they have one. At least
// one line, which may be empty.
inline std::vector<std::string> wrap(std::string_view text, size_t width) {
  std::vector<std::string> lines;
  while (text.size() > width) {
    size_t at = text.rfind(' ', width);
    if (at == std::string_view::npos || at == 0) {
      const size_t comma = text.rfind(',', width - 1);
      at = comma == std::string_view::npos ? width : comma + 1;
    }
    lines.emplace_back(text.substr(0, at));
    text.remove_prefix(at);
    while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
  }
  if (!text.empty() || lines.empty()) lines.emplace_back(text);
  return lines;
}

// `text` with spaces behind it up to `width`; longer text stays whole.
inline std::string padded(std::string text, size_t width) {
  if (text.size() < width) text.resize(width, ' ');
  return text;
}

// Appends the lines one below the other, the first where the text ends and the others at `column`.
inline void hang(std::string& out, const std::vector<std::string>& lines, size_t column) {
  for (size_t i = 0; i < lines.size(); ++i) {
    if (i > 0) out += std::string(column, ' ');
    out += lines[i] + "\n";
  }
}

}  // namespace base
