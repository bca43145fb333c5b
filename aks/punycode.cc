#include "aks/punycode.h"

#include <algorithm>
#include <cstdint>
#include <vector>

#include "base/ascii.h"

namespace aks {
namespace {

// RFC 3492 §5.
constexpr std::uint32_t kBase = 36, kMinThreshold = 1, kMaxThreshold = 26, kSkew = 38, kDamp = 700;
constexpr std::uint32_t kInitialBias = 72, kInitialCode = 0x80;
constexpr size_t kMaxLabel = 63;

bool is_ascii(std::string_view text) {
  return std::all_of(text.begin(), text.end(),
                     [](char c) { return static_cast<unsigned char>(c) < 0x80; });
}

// RFC 3629 §4, overlong forms and surrogates excluded.
std::optional<std::vector<std::uint32_t>> decode_utf8(std::string_view text) {
  std::vector<std::uint32_t> out;
  for (size_t i = 0; i < text.size();) {
    const auto lead = static_cast<unsigned char>(text[i]);
    const size_t length = lead < 0x80       ? 1
                          : lead >> 5 == 6  ? 2
                          : lead >> 4 == 14 ? 3
                          : lead >> 3 == 30 ? 4
                                            : 0;
    if (length == 0 || i + length > text.size()) return std::nullopt;
    std::uint32_t code = length == 1 ? lead : lead & (0x7fU >> length);
    for (size_t k = 1; k < length; ++k) {
      const auto next = static_cast<unsigned char>(text[i + k]);
      if (next >> 6 != 2) return std::nullopt;
      code = code << 6 | (next & 0x3fU);
    }
    constexpr std::uint32_t kLeast[] = {0, 0, 0x80, 0x800, 0x10000};
    if (code < kLeast[length] || code > 0x10ffff || (code >= 0xd800 && code < 0xe000)) {
      return std::nullopt;
    }
    out.push_back(code);
    i += length;
  }
  return out;
}

void append_utf8(std::string& out, std::uint32_t code) {
  const auto put = [&out](std::uint32_t octet) { out += static_cast<char>(octet); };
  if (code < 0x80) return put(code);
  if (code < 0x800) {
    put(0xc0 | code >> 6);
  } else if (code < 0x10000) {
    put(0xe0 | code >> 12);
    put(0x80 | (code >> 6 & 0x3f));
  } else {
    put(0xf0 | code >> 18);
    put(0x80 | (code >> 12 & 0x3f));
    put(0x80 | (code >> 6 & 0x3f));
  }
  put(0x80 | (code & 0x3f));
}

// Pairs of Latin Extended-A stand side by side, the capital first: on even numbers but for two
// runs.
bool is_latin_capital(std::uint32_t code) {
  if (code < 0x100 || code > 0x17f || code == 0x130 || code == 0x138 || code == 0x149) return false;
  const bool odd = (code >= 0x139 && code <= 0x148) || (code >= 0x179 && code <= 0x17e);
  return code != 0x178 && code != 0x17f && (code % 2 == 1) == odd;
}

std::uint32_t lower_code(std::uint32_t code) {
  if (code >= 'A' && code <= 'Z') return code + 0x20;
  if (code >= 0xc0 && code <= 0xde && code != 0xd7) return code + 0x20;
  if (is_latin_capital(code)) return code + 1;
  if (code == 0x178) return 0xff;
  if (code >= 0x391 && code <= 0x3a9 && code != 0x3a2) return code + 0x20;
  if (code >= 0x410 && code <= 0x42f) return code + 0x20;
  if (code >= 0x400 && code <= 0x40f) return code + 0x50;
  return code;
}

std::uint32_t mapped_code(std::uint32_t code) {
  if (code == 0x3002 || code == 0xff61) return '.';
  if (code >= 0xff01 && code <= 0xff5e) code -= 0xfee0;  // full-width ASCII, its dot with it
  return lower_code(code);
}

std::string each_code(std::string_view text, std::uint32_t (*map)(std::uint32_t)) {
  const auto codes = decode_utf8(text);
  if (!codes) return base::lower(text);
  std::string out;
  for (const std::uint32_t code : *codes) append_utf8(out, map(code));
  return out;
}

// RFC 3492 §6.1.
std::uint32_t adapt(std::uint32_t delta, std::uint32_t points, bool first) {
  delta = first ? delta / kDamp : delta / 2;
  delta += delta / points;
  std::uint32_t k = 0;
  for (; delta > (kBase - kMinThreshold) * kMaxThreshold / 2; k += kBase) {
    delta /= kBase - kMinThreshold;
  }
  return k + (kBase - kMinThreshold + 1) * delta / (delta + kSkew);
}

char digit(std::uint32_t value) {
  return static_cast<char>(value < 26 ? 'a' + value : '0' + (value - 26));
}

void append_variable_length(std::string& out, std::uint32_t value, std::uint32_t bias) {
  for (std::uint32_t k = kBase;; k += kBase) {
    const std::uint32_t threshold = k <= bias ? kMinThreshold : std::min(k - bias, kMaxThreshold);
    if (value < threshold) break;
    out += digit(threshold + (value - threshold) % (kBase - threshold));
    value = (value - threshold) / (kBase - threshold);
  }
  out += digit(value);
}

// RFC 3492 §6.3. Labels have at most 63 characters, so that 32 bits cannot overflow:
// 0x10ffff * 64 is below 2^27.
std::string encode(const std::vector<std::uint32_t>& label) {
  std::string out = "xn--";
  std::uint32_t handled = 0;
  for (const std::uint32_t code : label) {
    if (code >= kInitialCode) continue;
    out += static_cast<char>(code);
    ++handled;
  }
  const std::uint32_t basic = handled;
  if (basic > 0) out += '-';
  std::uint32_t next = kInitialCode, delta = 0, bias = kInitialBias;
  while (handled < label.size()) {
    std::uint32_t smallest = 0x110000;
    for (const std::uint32_t code : label) {
      if (code >= next) smallest = std::min(smallest, code);
    }
    delta += (smallest - next) * (handled + 1);
    next = smallest;
    for (const std::uint32_t code : label) {
      if (code < next) ++delta;
      if (code != next) continue;
      append_variable_length(out, delta, bias);
      bias = adapt(delta, handled + 1, handled == basic);
      delta = 0;
      ++handled;
    }
    ++delta;
    ++next;
  }
  return out;
}

}  // namespace

std::string lower_name(std::string_view text) { return each_code(text, lower_code); }

std::string mapped_name(std::string_view text) { return each_code(text, mapped_code); }

std::optional<std::string> to_ascii_name(std::string_view name) {
  if (is_ascii(name)) return std::string(name);
  std::string out;
  for (size_t start = 0; start <= name.size();) {
    const size_t dot = std::min(name.find('.', start), name.size());
    const std::string_view label = name.substr(start, dot - start);
    if (start != 0) out += '.';
    if (is_ascii(label)) {
      out += label;
    } else {
      const auto codes = decode_utf8(label);
      if (!codes || codes->size() > kMaxLabel) return std::nullopt;
      const std::string encoded = encode(*codes);
      if (encoded.size() > kMaxLabel) return std::nullopt;
      out += encoded;
    }
    start = dot + 1;
  }
  return out;
}

}  // namespace aks
