#include "base/escape.h"

namespace base {
namespace {

constexpr char kHex[] = "0123456789abcdef";

bool plain(unsigned char c) { return c >= 0x20 && c < 0x7f; }

bool is_json_literal(char raw) {
  return plain(static_cast<unsigned char>(raw)) && raw != '"' && raw != '\\';
}

}  // namespace

void append_json_string(std::string& out, std::string_view text, size_t max_octets) {
  const std::string_view kept = text.substr(0, max_octets);
  out += '"';
  for (size_t at = 0; at < kept.size(); ++at) {
    // Most texts are one run of octets that stand for themselves.
    const size_t start = at;
    while (at < kept.size() && is_json_literal(kept[at])) ++at;
    out.append(kept, start, at - start);
    if (at == kept.size()) break;
    const auto c = static_cast<unsigned char>(kept[at]);
    if (c == '"' || c == '\\') {
      out += '\\';
      out += kept[at];
    } else {
      out += "\\u00";
      out += kHex[c >> 4];
      out += kHex[c & 15];
    }
  }
  if (text.size() > max_octets) out += "\\u2026";
  out += '"';
}

std::string printable(std::string_view text, Spaces spaces, size_t max_octets) {
  std::string out;
  out.reserve(text.size());
  for (const char raw : text.substr(0, max_octets)) {
    const auto c = static_cast<unsigned char>(raw);
    if (plain(c) && c != '\\' && !(c == ' ' && spaces == Spaces::kEscape)) {
      out += raw;
    } else {
      out += "\\x";
      out += kHex[c >> 4];
      out += kHex[c & 15];
    }
  }
  if (text.size() > max_octets) out += "...";
  return out;
}

}  // namespace base
