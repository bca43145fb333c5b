// Making wire bytes safe to print: nothing from the network reaches a terminal or a log unescaped.
// Characters of UTF-8 that show as themselves (base/utf8.h) pass; everything else is escaped once.
#pragma once

#include <string>
#include <string_view>

namespace base {

// Appends `text` as a JSON string literal, quotes included, in one line. Characters that don't show
// as themselves are written as \u escapes, which stand for them; an octet that is no UTF-8 becomes
// the four characters \xNN, since JSON has no way to say it. Text longer than `max_octets` is cut
// between characters and ends in "…" written as \u2026.
void append_json_string(std::string& out, std::string_view text, size_t max_octets = 1024);

// `text` from the network: octets of characters that don't show as themselves, octets that are no
// UTF-8, and backslashes become \xNN each, so that what was sent can be told from the result. Cut
// like append_json_string. With `spaces` kEscape, SP becomes \x20 as well, for space-separated
// records.
enum class Spaces { kKeep, kEscape };
std::string printable(std::string_view text, Spaces spaces = Spaces::kKeep,
                      size_t max_octets = 1024);

// A sentence of ours, whose foreign parts went through `printable` when they were put in: as that,
// but backslashes stay, so that nothing is escaped twice. Not cut.
std::string one_line(std::string_view sentence);

}  // namespace base
