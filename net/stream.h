// A byte stream that can be tried: plain sockets and TLS look the same to whoever reads and writes.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "base/error.h"
#include "base/result.h"
#include "net/poll.h"

namespace net {

struct IoResult {
  enum class Kind : std::uint8_t { kDone, kWouldBlock, kEof, kError };
  Kind kind = Kind::kDone;
  size_t bytes = 0;  // kDone: moved, at least 1
  int cause = 0;     // kError: errno
};

class Stream {
 public:
  virtual ~Stream() = default;

  // Reads what is there. kEof once the peer has closed its side.
  virtual IoResult try_read(std::span<char> into) = 0;
  // Writes a prefix of the pieces, in order. Empty pieces are allowed, all empty is not.
  virtual IoResult try_write(std::span<const std::string_view> pieces) = 0;
  // What to wait for after a read (or a write) would have blocked. TLS may have to write to read.
  virtual Ready read_needs() const { return Ready::kRead; }
  virtual Ready write_needs() const { return Ready::kWrite; }
  // Whether octets that were taken from below wait inside the stream, so that a read succeeds
  // whatever its Poll says.
  virtual bool has_buffered() const { return false; }
  // What broke the stream, after kError, where its errno is too few words for it; else empty.
  virtual std::string_view failure_words() const { return {}; }
  // Sends the end of our side (FIN, close_notify); reading goes on.
  virtual void shutdown_write() = 0;
  // Whether that end is still on its way out because there was no room for it.
  virtual bool is_closing() const { return false; }
  virtual Poll& poll() = 0;
  // Who is at the other end; errors of this stream are theirs.
  virtual base::Party party() const = 0;

 protected:
  Stream() = default;
  Stream(const Stream&) = delete;
  Stream& operator=(const Stream&) = delete;
};

}  // namespace net
