// The line of a document that a finding is about, safe to show.
#pragma once

#include <string>
#include <string_view>

namespace aks {

// Line `line` (from 1) of `text`, without its break; "" when there is none.
std::string_view line_of(std::string_view text, int line);

// The line with everything in front of an '@' in a value, and most of each long run of base64,
// replaced by '*', so that no password and no key gets onto a screen or into a log. Its length
// stays, so columns do too.
std::string without_secrets(std::string_view line);

struct Excerpt {
  std::string text;   // printable ASCII, cut around the column
  std::string caret;  // "    ^~~~~" under it
};

// What stands at (line, column), both from 1; empty when the text has no such place.
Excerpt excerpt(std::string_view text, int line, int column);

}  // namespace aks
