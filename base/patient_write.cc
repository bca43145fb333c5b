#include "base/patient_write.h"

#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <climits>

namespace base {
namespace {

// How often `left` is asked while there is no room.
constexpr Millis kLook{50};

// Whether there is room for PIPE_BUF octets: then a write of as many does not wait (pipe(7)).
bool has_room(int fd, Millis wait) {
  pollfd room{fd, POLLOUT, 0};
  return ::poll(&room, 1, static_cast<int>(wait.count())) > 0;
}

bool is_regular(int fd) {
  struct stat file {};
  return ::fstat(fd, &file) == 0 && S_ISREG(file.st_mode);
}

}  // namespace

int write_patiently(int fd, std::string_view& text, const WaitLeft& left) {
  const bool regular = is_regular(fd);
  while (!text.empty()) {
    if (!regular && !has_room(fd, Millis(0))) {
      const Millis wait = std::min(left(), kLook);
      if (wait.count() <= 0) return ETIMEDOUT;
      if (!has_room(fd, wait)) continue;
    }
    const std::size_t most = regular ? text.size() : std::min<std::size_t>(text.size(), PIPE_BUF);
    const ssize_t written = ::write(fd, text.data(), most);
    if (written >= 0) {
      text.remove_prefix(static_cast<std::size_t>(written));
    } else if (errno == EAGAIN) {
      // Somebody else has filled it.
      if (left().count() <= 0) return ETIMEDOUT;
    } else if (errno != EINTR) {
      return errno;
    }
  }
  return 0;
}

}  // namespace base
