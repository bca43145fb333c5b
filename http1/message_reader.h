// Reads messages from a stream: heads up to their CRLFCRLF, then body octets as they come. Holds a
// buffer only while there is something in it, so that an idle connection costs none.
#pragma once

#include <optional>
#include <string_view>
#include <utility>

#include "base/clock.h"
#include "base/result.h"
#include "http/head_scanner.h"
#include "http/limits.h"
#include "net/block_pool.h"
#include "net/io.h"
#include "net/stream.h"
#include "net/task.h"

namespace http1 {

class MessageReader {
 public:
  explicit MessageReader(net::Stream& stream) : stream_(stream) {}

  // Waits until something is buffered. kEnd: the peer closed without sending any of it.
  enum class Arrival { kData, kEnd };
  net::Task<base::Result<Arrival>> wait_for_data(net::Patience patience);

  // The next head, without empty lines before it; valid until the next call of any member. Fails
  // with the scanner's errors, with kClientClosed or kOriginClosed when the stream ends inside the
  // head, and with kIdleTimeout. May be called again after a timeout: nothing read so far is lost.
  net::Task<base::Result<std::string_view>> read_head(http::MessageKind kind,
                                                      const http::Limits& limits,
                                                      net::Patience patience);

  // What has arrived and is not consumed.
  std::string_view buffered() const { return {data_.get() + begin_, end_ - begin_}; }
  void consume(size_t octets);

  // Waits for more octets. Returns how many, 0 at the end of the stream.
  net::Task<base::Result<size_t>> fill(net::Patience patience);

  net::Stream& stream() { return stream_; }
  std::uint64_t received() const { return received_; }
  // Those received since the last call.
  std::uint64_t take_received() { return received_ - std::exchange(taken_, received_); }

 private:
  static constexpr size_t kStartBytes = 16 * 1024;

  void make_room();

  net::Stream& stream_;
  net::Buffer data_;
  size_t capacity_ = 0;
  size_t begin_ = 0;
  size_t end_ = 0;
  std::uint64_t received_ = 0;  // octets in all
  std::uint64_t taken_ = 0;     // of those
};

}  // namespace http1
