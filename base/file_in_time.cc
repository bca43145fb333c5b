#include "base/file_in_time.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>

#include "base/clock.h"
#include "base/fd.h"
#include "base/file.h"

namespace base {
namespace {

constexpr std::chrono::seconds kLimit{5};

Failure trouble(const std::string& path, const char* advice, int cause) {
  return fail(ErrorCode::kIo, Party::kProxy,
              path + " can't be read (" + errno_name(cause) + "); " + advice, cause);
}

// Whether reading returns at once: something is there, or the end, or an error.
bool is_readable_by(int fd, Instant until) {
  const auto left = std::chrono::ceil<Millis>(until - steady_now()).count();
  pollfd readable{fd, POLLIN, 0};
  return ::poll(&readable, 1, static_cast<int>(std::max<Millis::rep>(left, 0))) > 0;
}

}  // namespace

Result<std::string> read_file_in_time(const std::string& path, std::size_t max_octets) {
  struct stat file {};
  if (::stat(path.c_str(), &file) != 0 || !S_ISFIFO(file.st_mode)) {
    return read_file(path, max_octets);
  }
  const Fd fifo(::open(path.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC));
  if (!fifo.valid()) return trouble(path, "check the path and its permissions", errno);
  const Instant until = steady_now() + kLimit;
  std::string text;
  std::array<char, 16384> block;
  while (text.size() <= max_octets) {
    if (!is_readable_by(fifo.get(), until)) {
      return trouble(path, "it is a FIFO that nobody writes to, or not fast enough", ETIMEDOUT);
    }
    const std::size_t room = std::min(block.size(), max_octets + 1 - text.size());
    const ssize_t got = ::read(fifo.get(), block.data(), room);
    if (got < 0 && (errno == EINTR || errno == EAGAIN)) continue;
    if (got < 0) return trouble(path, "check the path and its permissions", errno);
    if (got == 0) break;
    text.append(block.data(), static_cast<std::size_t>(got));
  }
  return text;
}

}  // namespace base
