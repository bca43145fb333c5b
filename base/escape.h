// Making wire bytes safe to print: nothing from the network reaches a terminal or a log unescaped.
#pragma once

#include <string>
#include <string_view>

namespace base {

// Appends `text` as a JSON string literal, quotes included. Controls, DEL and every octet ≥ 0x80
// are written as \u00XX (the octet, as Latin-1), so that each record stays one line of plain ASCII.
// Text longer than `max_octets` is cut and ends in "…" written as \u2026.
void append_json_string(std::string& out, std::string_view text, size_t max_octets = 1024);

// `text` with controls, DEL, backslash and octets ≥ 0x80 as \xXX, cut like append_json_string. With
// `spaces` kEscape, SP becomes \x20 as well, for space-separated records.
enum class Spaces { kKeep, kEscape };
std::string printable(std::string_view text, Spaces spaces = Spaces::kKeep,
                      size_t max_octets = 1024);

}  // namespace base
