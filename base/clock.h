// Time, as the house uses it: monotonic instants for deadlines and phases, wall time for records.
#pragma once

#include <chrono>

namespace base {

using Instant = std::chrono::steady_clock::time_point;
using WallTime = std::chrono::system_clock::time_point;
using Millis = std::chrono::milliseconds;

// The far future: a wait with this deadline is bounded by another, outer deadline.
inline constexpr Instant kNever = Instant::max();

// Where set, what this thread takes for the time: a clock that a test moves by hand.
inline constinit thread_local const Instant* hand_clock = nullptr;

inline Instant steady_now() {
  return hand_clock == nullptr ? std::chrono::steady_clock::now() : *hand_clock;
}
inline WallTime wall_now() { return std::chrono::system_clock::now(); }

}  // namespace base
