// UTF-8 (RFC 3629), a character at a time.
#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

namespace base {

struct Utf8Character {
  char32_t code = 0;  // a Unicode scalar value
  size_t octets = 0;  // 1 to 4
};

// The character that `text` begins with. nullopt when it is empty or begins with octets that are no
// UTF-8: a continuation, an overlong form, a surrogate, beyond U+10FFFF, or cut short.
std::optional<Utf8Character> first_character(std::string_view text);

// The longest prefix of `text` of at most `max_octets` that doesn't end inside a character.
std::string_view cut_at_character(std::string_view text, size_t max_octets);

// Whether a character shows as itself and leaves its neighbours as they are: no control (C0, DEL,
// C1), no line or paragraph separator, none that is invisible or turns the direction of writing.
bool is_shown_as_itself(char32_t code);

}  // namespace base
