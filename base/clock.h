// Time, as the house uses it: monotonic instants for deadlines and phases, wall time for records.
#pragma once

#include <chrono>

namespace base {

using Instant = std::chrono::steady_clock::time_point;
using WallTime = std::chrono::system_clock::time_point;
using Millis = std::chrono::milliseconds;

// The far future: a wait with this deadline is bounded by another, outer deadline.
inline constexpr Instant kNever = Instant::max();

inline Instant steady_now() { return std::chrono::steady_clock::now(); }
inline WallTime wall_now() { return std::chrono::system_clock::now(); }

}  // namespace base
