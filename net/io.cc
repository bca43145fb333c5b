#include "net/io.h"

#include <array>
#include <cerrno>

#include "net/await.h"

namespace net {
namespace {

base::Failure stalled(const Stream& stream, const char* doing) {
  const bool client = stream.party() == base::Party::kClient;
  return base::fail(base::ErrorCode::kIdleTimeout, stream.party(),
                    std::string(client ? "the client" : "the origin") + " did not " + doing +
                        " anything for the idle limit (timeouts.idle)",
                    ETIMEDOUT);
}

}  // namespace

base::Error io_error(const Stream& stream, int cause) {
  const bool client = stream.party() == base::Party::kClient;
  const std::string who = client ? "the client" : "the origin";
  if (cause == ECONNRESET || cause == EPIPE) {
    return {client ? base::ErrorCode::kClientClosed : base::ErrorCode::kOriginReset, stream.party(),
            cause, who + " reset the connection (" + base::errno_name(cause) + ")"};
  }
  if (cause == ECONNABORTED) {
    return {client ? base::ErrorCode::kClientClosed : base::ErrorCode::kOriginReset, stream.party(),
            cause,
            who +
                " cut its connection off without the end that TLS has (close_notify, RFC 8446 "
                "§6.1): what it sent may not be all"};
  }
  if (cause == ETIMEDOUT) {
    return {base::ErrorCode::kIdleTimeout, stream.party(), cause,
            who + " stopped answering on the network (ETIMEDOUT)"};
  }
  std::string why = base::errno_name(cause);
  const std::string_view words = stream.failure_words();
  if (!words.empty()) why.append(": ").append(words);
  return {base::ErrorCode::kIo, stream.party(), cause,
          "the connection to " + who + " failed (" + why + ")"};
}

Task<base::Result<size_t>> read_some(Stream& stream, std::span<char> into, Patience patience) {
  for (;;) {
    const IoResult got = stream.try_read(into);
    switch (got.kind) {
      case IoResult::Kind::kDone: co_return got.bytes;
      case IoResult::Kind::kEof: co_return size_t{0};
      case IoResult::Kind::kError: co_return base::fail(io_error(stream, got.cause));
      case IoResult::Kind::kWouldBlock: break;
    }
    Poll& poll = stream.poll();
    ReadyAwaiter ready(poll, stream.read_needs(), patience.deadline(poll.loop().now()));
    const Wake wake = co_await ready;
    if (wake == Wake::kTimeout) co_return stalled(stream, "send");
  }
}

Task<base::Result<void>> wait_readable(Stream& stream, Patience patience) {
  Poll& poll = stream.poll();
  ReadyAwaiter ready(poll, stream.read_needs(), patience.deadline(poll.loop().now()));
  const Wake wake = co_await ready;
  if (wake == Wake::kTimeout) co_return stalled(stream, "send");
  co_return base::Result<void>();
}

Task<base::Result<void>> write_all(Stream& stream, std::string_view data, Patience patience) {
  return write_all(stream, data, {}, {}, patience);
}

Task<base::Result<void>> write_all(Stream& stream, std::string_view first, std::string_view second,
                                   std::string_view third, Patience patience) {
  std::uint64_t octets = 0;
  auto writing = write_all(stream, first, second, third, patience, octets);
  co_return co_await writing;
}

Task<base::Result<void>> write_all(Stream& stream, std::string_view first, std::string_view second,
                                   std::string_view third, Patience patience,
                                   std::uint64_t& octets) {
  std::array<std::string_view, 3> pieces{first, second, third};
  while (!pieces[0].empty() || !pieces[1].empty() || !pieces[2].empty()) {
    const IoResult put = stream.try_write(pieces);
    if (put.kind == IoResult::Kind::kError) co_return base::fail(io_error(stream, put.cause));
    if (put.kind == IoResult::Kind::kWouldBlock) {
      Poll& poll = stream.poll();
      ReadyAwaiter ready(poll, stream.write_needs(), patience.deadline(poll.loop().now()));
      const Wake wake = co_await ready;
      if (wake == Wake::kTimeout) co_return stalled(stream, "take");
      continue;
    }
    octets += put.bytes;
    size_t written = put.bytes;
    for (std::string_view& piece : pieces) {
      const size_t part = std::min(written, piece.size());
      piece.remove_prefix(part);
      written -= part;
    }
  }
  co_return base::Result<void>();
}

}  // namespace net
