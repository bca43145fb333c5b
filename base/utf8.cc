#include "base/utf8.h"

namespace base {
namespace {

bool is_continuation(char octet) { return (static_cast<unsigned char>(octet) & 0xC0) == 0x80; }

// The least code that needs so many octets; below it the form is overlong.
constexpr char32_t kLeast[] = {0, 0, 0x80, 0x800, 0x10000};

}  // namespace

std::optional<Utf8Character> first_character(std::string_view text) {
  if (text.empty()) return std::nullopt;
  const auto lead = static_cast<unsigned char>(text.front());
  if (lead < 0x80) return Utf8Character{lead, 1};
  const size_t octets = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
  if (lead < 0xC2 || lead > 0xF4 || text.size() < octets) return std::nullopt;
  char32_t code = lead & (0x7FU >> octets);
  for (size_t i = 1; i < octets; ++i) {
    if (!is_continuation(text[i])) return std::nullopt;
    code = code << 6 | (static_cast<unsigned char>(text[i]) & 0x3FU);
  }
  const bool surrogate = code >= 0xD800 && code <= 0xDFFF;
  if (code < kLeast[octets] || code > 0x10FFFF || surrogate) return std::nullopt;
  return Utf8Character{code, octets};
}

std::string_view cut_at_character(std::string_view text, size_t max_octets) {
  if (text.size() <= max_octets) return text;
  // A character has three continuations at most; octets that are no UTF-8 are cut anywhere.
  size_t end = max_octets;
  for (int back = 0; back < 3 && end > 0 && is_continuation(text[end]); ++back) --end;
  const auto across = first_character(text.substr(end));
  const bool inside = across && end < max_octets && end + across->octets > max_octets;
  return text.substr(0, inside ? end : max_octets);
}

bool is_shown_as_itself(char32_t code) {
  if (code < 0x20 || (code >= 0x7F && code < 0xA0)) return false;
  switch (code) {
    case 0x00AD:  // soft hyphen
    case 0x061C:  // Arabic letter mark
    case 0x180E:  // Mongolian vowel separator
    case 0xFEFF:  // byte order mark
      return false;
    default: break;
  }
  const auto between = [code](char32_t first, char32_t last) {
    return code >= first && code <= last;
  };
  // Zero width and marks of direction; separators and embeddings; operators and isolates; tags.
  return !between(0x200B, 0x200F) && !between(0x2028, 0x202E) && !between(0x2060, 0x206F) &&
         !between(0xFFF9, 0xFFFB) && !between(0xE0000, 0xE007F);
}

}  // namespace base
