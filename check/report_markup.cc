#include "check/report_markup.h"

#include <cstdint>

namespace check {
namespace {

constexpr std::string_view kReplacement = "\xef\xbf\xbd";  // U+FFFD

// How many octets at the start of `text` are one character that XML 1.0 §2.2 allows; 0 if none
// (RFC 3629 §4: no overlong forms, no surrogates).
size_t character_length(std::string_view text) {
  const auto octet = [text](size_t i) -> std::uint32_t {
    return i < text.size() ? static_cast<unsigned char>(text[i]) : 0;
  };
  const auto continues = [&octet](size_t i) { return (octet(i) & 0xc0) == 0x80; };
  const std::uint32_t lead = octet(0);
  if (lead < 0x80) {
    const bool blank = lead == '\t' || lead == '\n' || lead == '\r';
    return blank || (lead >= 0x20 && lead != 0x7f) ? 1 : 0;
  }
  if (lead >= 0xc2 && lead <= 0xdf) {
    // U+0080–U+009F are controls, which browsers remap.
    return continues(1) && !(lead == 0xc2 && octet(1) < 0xa0) ? 2 : 0;
  }
  if (lead >= 0xe0 && lead <= 0xef) {
    if (!continues(1) || !continues(2)) return 0;
    const std::uint32_t code = (lead & 0xf) << 12 | (octet(1) & 0x3f) << 6 | (octet(2) & 0x3f);
    const bool surrogate = code >= 0xd800 && code <= 0xdfff;
    return code >= 0x800 && !surrogate && code != 0xfffe && code != 0xffff ? 3 : 0;
  }
  if (lead >= 0xf0 && lead <= 0xf4) {
    if (!continues(1) || !continues(2) || !continues(3)) return 0;
    const std::uint32_t high = (lead & 0x7) << 6 | (octet(1) & 0x3f);
    return high >= 0x10 && high <= 0x10f ? 4 : 0;
  }
  return 0;
}

}  // namespace

std::string escape_markup(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  while (!text.empty()) {
    const size_t length = character_length(text);
    switch (text.front()) {
      case '&': out += "&amp;"; break;
      case '<': out += "&lt;"; break;
      case '>': out += "&gt;"; break;
      case '"': out += "&quot;"; break;
      case '\'': out += "&#39;"; break;
      default:
        if (length == 0) {
          out += kReplacement;
        } else {
          out += text.substr(0, length);
        }
    }
    text.remove_prefix(length == 0 ? 1 : length);
  }
  return out;
}

}  // namespace check
