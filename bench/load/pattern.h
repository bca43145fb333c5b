// The octets of every body: one endless sequence, so that both ends know what must stand at each
// offset and a lost, doubled or foreign octet is found.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace load {

// What stands at `offset`: at most `size` octets, at most kPatternRun.
inline constexpr std::size_t kPatternRun = 256 * 1024;
std::string_view pattern_at(std::uint64_t offset, std::uint64_t size);

// Whether `octets` are what stands at `offset`.
bool matches_pattern(std::uint64_t offset, std::string_view octets);

}  // namespace load
