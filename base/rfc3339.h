// Points in time as records and files write them.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "base/clock.h"

namespace base {

// Appends `number` in decimal, filled up to `width` characters from the left.
void append_padded(std::string& out, unsigned number, std::size_t width, char fill = '0');

// Appends "2026-01-31T23:59:59.007Z" (RFC 3339, UTC), milliseconds rounded down.
void append_rfc3339(std::string& out, WallTime time);

// Reads exactly what append_rfc3339 writes, years 1970 to 2261. nullopt for anything else.
std::optional<WallTime> parse_rfc3339(std::string_view text);

}  // namespace base
