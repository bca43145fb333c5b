#include "net/splice.h"

#include <fcntl.h>

#include <cassert>
#include <cerrno>

namespace net {
namespace {

// More than a pipe holds: its slots are the limit. A slot takes a page, or a larger piece of a
// received segment.
constexpr size_t kMost = 1024 * 1024;

IoResult moved(ssize_t octets, Poll& poll, Ready what) {
  if (octets > 0) return {IoResult::Kind::kDone, static_cast<size_t>(octets), 0};
  if (octets == 0) return {IoResult::Kind::kEof, 0, 0};
  if (errno == EAGAIN) {
    poll.exhausted(what);
    return {IoResult::Kind::kWouldBlock, 0, 0};
  }
  return {IoResult::Kind::kError, 0, errno};
}

ssize_t splice(int from, int to, size_t octets) {
  ssize_t count = 0;
  do {
    count = ::splice(from, nullptr, to, nullptr, octets, SPLICE_F_MOVE | SPLICE_F_NONBLOCK);
  } while (count < 0 && errno == EINTR);
  return count;
}

}  // namespace

IoResult splice_in(Socket& from, Pipe& pipe) {
  assert(pipe.held == 0 && "EAGAIN would not tell an empty socket from a full pipe");
  if (!from.poll().ready(Ready::kRead)) return {IoResult::Kind::kWouldBlock, 0, 0};
  const IoResult result =
      moved(splice(from.fd(), pipe.write_end(), kMost), from.poll(), Ready::kRead);
  if (result.kind == IoResult::Kind::kDone) pipe.held = static_cast<std::uint32_t>(result.bytes);
  return result;
}

IoResult splice_out(Pipe& pipe, Socket& to) {
  if (!to.poll().ready(Ready::kWrite)) return {IoResult::Kind::kWouldBlock, 0, 0};
  const IoResult result =
      moved(splice(pipe.read_end(), to.fd(), pipe.held), to.poll(), Ready::kWrite);
  if (result.kind == IoResult::Kind::kDone) pipe.held -= static_cast<std::uint32_t>(result.bytes);
  return result;
}

}  // namespace net
