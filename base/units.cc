#include "base/units.h"

#include <array>
#include <charconv>

namespace base {
namespace {

struct Unit {
  std::string_view name;
  std::uint64_t factor;
};

constexpr std::array<Unit, 5> kDurations = {
    {{"d", 86'400'000}, {"h", 3'600'000}, {"m", 60'000}, {"s", 1'000}, {"ms", 1}}};
constexpr std::array<Unit, 4> kSizes = {
    {{"GiB", 1ULL << 30}, {"MiB", 1ULL << 20}, {"KiB", 1ULL << 10}, {"B", 1}}};

constexpr std::uint64_t kMaxDurationMs = 3'650ULL * 86'400'000;
constexpr std::uint64_t kMaxSize = 1ULL << 62;

// Splits "64KiB" into 64 and "KiB"; nullopt when there is no number or it overflows.
std::optional<std::pair<std::uint64_t, std::string_view>> split(std::string_view text) {
  std::uint64_t number = 0;
  const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (failure != std::errc{}) return std::nullopt;
  return std::pair(number, text.substr(static_cast<size_t>(end - text.data())));
}

template <size_t N>
std::optional<std::uint64_t> scale(std::string_view text, const std::array<Unit, N>& units,
                                   std::uint64_t limit) {
  const auto parts = split(text);
  if (!parts) return std::nullopt;
  for (const Unit& unit : units) {
    if (unit.name != parts->second) continue;
    if (parts->first > limit / unit.factor) return std::nullopt;
    return parts->first * unit.factor;
  }
  return std::nullopt;
}

template <size_t N>
std::string format(std::uint64_t value, const std::array<Unit, N>& units) {
  for (const Unit& unit : units) {
    if (value != 0 && value % unit.factor == 0) {
      return std::to_string(value / unit.factor) + std::string(unit.name);
    }
  }
  return "0" + std::string(units.back().name);
}

}  // namespace

std::optional<std::chrono::milliseconds> parse_duration(std::string_view text) {
  const auto ms = scale(text, kDurations, kMaxDurationMs);
  if (!ms) return std::nullopt;
  return std::chrono::milliseconds(*ms);
}

std::string format_duration(std::chrono::milliseconds duration) {
  return format(static_cast<std::uint64_t>(duration.count()), kDurations);
}

std::optional<std::uint64_t> parse_size(std::string_view text) {
  const auto parts = split(text);
  if (parts && parts->second.empty() && parts->first <= kMaxSize) return parts->first;
  return scale(text, kSizes, kMaxSize);
}

std::string format_size(std::uint64_t bytes) { return format(bytes, kSizes); }

}  // namespace base
