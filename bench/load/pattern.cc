#include "bench/load/pattern.h"

#include <algorithm>
#include <cstring>
#include <string>

namespace load {
namespace {

// A prime, so that the sequence does not line up with buffers, pages or chunks.
constexpr std::size_t kPeriod = 65521;

const std::string& sequence() {
  static const std::string octets = [] {
    std::string text(kPeriod + kPatternRun, '\0');
    std::uint32_t state = 1;
    for (std::size_t i = 0; i < kPeriod; ++i) {
      state =
          state * 1664525 + 1013904223;  // Numerical Recipes' generator; the upper bits are good
      text[i] = static_cast<char>(state >> 24);
    }
    for (std::size_t i = kPeriod; i < text.size(); ++i) text[i] = text[i - kPeriod];
    return text;
  }();
  return octets;
}

}  // namespace

std::string_view pattern_at(std::uint64_t offset, std::uint64_t size) {
  const auto length = static_cast<std::size_t>(std::min<std::uint64_t>(size, kPatternRun));
  return std::string_view(sequence()).substr(static_cast<std::size_t>(offset % kPeriod), length);
}

bool matches_pattern(std::uint64_t offset, std::string_view octets) {
  while (!octets.empty()) {
    const std::string_view expected = pattern_at(offset, octets.size());
    if (octets.substr(0, expected.size()) != expected) return false;
    octets.remove_prefix(expected.size());
    offset += expected.size();
  }
  return true;
}

}  // namespace load
