// The octet classes that HTTP/1 syntax is made of (RFC 9110 §5.5, §5.6.2; RFC 9112 §3, §4).
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

namespace http {

inline constexpr std::uint8_t kTokenOctet = 1;    // tchar
inline constexpr std::uint8_t kVisibleOctet = 2;  // VCHAR: printable ASCII without SP
inline constexpr std::uint8_t kTextOctet = 4;     // VCHAR, SP, HTAB, obs-text

namespace internal {

constexpr std::array<std::uint8_t, 256> octet_classes() {
  std::array<std::uint8_t, 256> classes{};
  constexpr std::string_view kTokenMarks = "!#$%&'*+-.^_`|~";
  for (unsigned octet = 0; octet < 256; ++octet) {
    const bool alnum = (octet >= '0' && octet <= '9') || (octet >= 'A' && octet <= 'Z') ||
                       (octet >= 'a' && octet <= 'z');
    const bool mark = kTokenMarks.find(static_cast<char>(octet)) != std::string_view::npos;
    unsigned bits = 0;
    if (alnum || mark) bits |= kTokenOctet;
    if (octet > 0x20 && octet < 0x7f) bits |= kVisibleOctet;
    if (octet == '\t' || (octet >= 0x20 && octet != 0x7f)) bits |= kTextOctet;
    classes[octet] = static_cast<std::uint8_t>(bits);
  }
  return classes;
}

inline constexpr std::array<std::uint8_t, 256> kOctetClasses = octet_classes();

}  // namespace internal

constexpr bool is_octet(char octet, std::uint8_t wanted) {
  return (internal::kOctetClasses[static_cast<unsigned char>(octet)] & wanted) != 0;
}

// Whether `text` is a token: one tchar at least and nothing else.
constexpr bool is_token(std::string_view text) {
  for (const char octet : text) {
    if (!is_octet(octet, kTokenOctet)) return false;
  }
  return !text.empty();
}

}  // namespace http
