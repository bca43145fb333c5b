#include "base/escape.h"

#include "base/utf8.h"

namespace base {
namespace {

constexpr char kHex[] = "0123456789abcdef";

bool plain(char c) { return c >= 0x20 && c < 0x7f; }

bool is_json_literal(char raw) { return plain(raw) && raw != '"' && raw != '\\'; }

void append_octets(std::string& out, std::string_view octets, std::string_view escape) {
  for (const char raw : octets) {
    const auto c = static_cast<unsigned char>(raw);
    out.append(escape);
    out += kHex[c >> 4];
    out += kHex[c & 15];
  }
}

void append_utf16_unit(std::string& out, unsigned unit) {
  out += "\\u";
  for (int shift = 12; shift >= 0; shift -= 4) {
    out += kHex[(unit >> static_cast<unsigned>(shift)) & 15U];
  }
}

// RFC 8259 §7: two surrogates beyond the Basic Multilingual Plane.
void append_json_escape(std::string& out, char32_t code) {
  if (code < 0x10000) return append_utf16_unit(out, static_cast<unsigned>(code));
  const auto above = static_cast<unsigned>(code - 0x10000);
  append_utf16_unit(out, 0xD800 + (above >> 10));
  append_utf16_unit(out, 0xDC00 + (above & 0x3FF));
}

enum class Backslash { kEscape, kKeep };

std::string show(std::string_view text, Spaces spaces, Backslash backslash) {
  std::string out;
  out.reserve(text.size());
  for (size_t at = 0; at < text.size();) {
    const auto character = first_character(text.substr(at));
    const size_t octets = character ? character->octets : 1;
    const bool escaped = !character || !is_shown_as_itself(character->code) ||
                         (character->code == '\\' && backslash == Backslash::kEscape) ||
                         (character->code == ' ' && spaces == Spaces::kEscape);
    if (escaped) {
      append_octets(out, text.substr(at, octets), "\\x");
    } else {
      out.append(text, at, octets);
    }
    at += octets;
  }
  return out;
}

}  // namespace

void append_json_string(std::string& out, std::string_view text, size_t max_octets) {
  const std::string_view kept = cut_at_character(text, max_octets);
  out += '"';
  for (size_t at = 0; at < kept.size();) {
    // Most texts are one run of octets that stand for themselves.
    const size_t start = at;
    while (at < kept.size() && is_json_literal(kept[at])) ++at;
    out.append(kept, start, at - start);
    if (at == kept.size()) break;
    const auto character = first_character(kept.substr(at));
    const size_t octets = character ? character->octets : 1;
    if (!character) {
      append_octets(out, kept.substr(at, 1), "\\\\x");
    } else if (character->code == '"' || character->code == '\\') {
      (out += '\\') += kept[at];
    } else if (is_shown_as_itself(character->code)) {
      out.append(kept, at, octets);
    } else {
      append_json_escape(out, character->code);
    }
    at += octets;
  }
  if (kept.size() < text.size()) out += "\\u2026";
  out += '"';
}

std::string printable(std::string_view text, Spaces spaces, size_t max_octets) {
  const std::string_view kept = cut_at_character(text, max_octets);
  std::string out = show(kept, spaces, Backslash::kEscape);
  if (kept.size() < text.size()) out += "...";
  return out;
}

std::string one_line(std::string_view sentence) {
  return show(sentence, Spaces::kKeep, Backslash::kKeep);
}

}  // namespace base
