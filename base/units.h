// Durations and sizes as people write them: "500ms", "5s", "2m", "1h"; "64KiB", "1MiB", "4096".
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace base {

// Parses an unsigned decimal with the unit ms, s, m, h or d. nullopt for anything else, a missing
// unit and values over 10 years included ("5" could mean anything).
std::optional<std::chrono::milliseconds> parse_duration(std::string_view text);

// The shortest exact spelling that parse_duration reads back: 90000 ms is "90s".
std::string format_duration(std::chrono::milliseconds duration);

// Parses bytes: a decimal, optionally with B, KiB, MiB or GiB. nullopt above 2^62.
std::optional<std::uint64_t> parse_size(std::string_view text);

// The shortest exact spelling that parse_size reads back: 65536 is "64KiB".
std::string format_size(std::uint64_t bytes);

}  // namespace base
