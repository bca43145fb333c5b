// Reading and writing in tasks, with patience that ends.
#pragma once

#include <algorithm>
#include <cstdint>
#include <span>
#include <string_view>

#include "base/clock.h"
#include "base/result.h"
#include "net/stream.h"
#include "net/task.h"

namespace net {

// How long a wait may last: `stall` without any progress, and never beyond `until`.
struct Patience {
  base::Millis stall{0};
  base::Instant until = base::kNever;

  base::Instant deadline(base::Instant now) const { return std::min(now + stall, until); }
};

// Reads at least one octet into `into`. Returns the count, 0 at the end of the stream. Fails with
// kIdleTimeout, or with the error `io_error` makes of the cause.
Task<base::Result<size_t>> read_some(Stream& stream, std::span<char> into, Patience patience);

// Waits until reading may succeed. Fails with kIdleTimeout.
Task<base::Result<void>> wait_readable(Stream& stream, Patience patience);

// Writes all of `data`, or of two pieces in one go. Fails like read_some.
Task<base::Result<void>> write_all(Stream& stream, std::string_view data, Patience patience);
Task<base::Result<void>> write_all(Stream& stream, std::string_view first, std::string_view second,
                                   std::string_view third, Patience patience);
// Adds to `octets`, which outlives the task, what was written, also where that is not all.
Task<base::Result<void>> write_all(Stream& stream, std::string_view first, std::string_view second,
                                   std::string_view third, Patience patience,
                                   std::uint64_t& octets);

// The error of a stream's system call: a reset or broken pipe is kClientClosed or kOriginReset by
// whose stream it is, all else kIo.
base::Error io_error(const Stream& stream, int cause);

}  // namespace net
