// Writing to whatever may not take it: a pipe that nobody reads, a terminal that is stopped.
#pragma once

#include <functional>
#include <string_view>

#include "base/clock.h"

namespace base {

// How much longer writing may wait for room, asked again from time to time; zero ends it.
using WaitLeft = std::function<Millis()>;

// Writes all of `text` to the descriptor and takes what was written off it. Never waits inside the
// system call, whether the descriptor is non-blocking or not, so that `left` is kept. Returns the
// errno that stopped it, ETIMEDOUT when no wait was left, 0 for none.
int write_patiently(int fd, std::string_view& text, const WaitLeft& left);

}  // namespace base
