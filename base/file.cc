#include "base/file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdio>
#include <system_error>

#include "base/fd.h"

namespace base {
namespace {

Failure trouble(const std::string& path, const char* what, const char* advice, int cause) {
  return fail(ErrorCode::kIo, Party::kProxy,
              path + " can't be " + what + " (" + errno_name(cause) + ": " +
                  std::generic_category().message(cause) + "); " + advice,
              cause);
}

bool write_all(int fd, std::string_view text) {
  while (!text.empty()) {
    const ssize_t written = ::write(fd, text.data(), text.size());
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return false;
    text.remove_prefix(static_cast<std::size_t>(written));
  }
  return true;
}

mode_t mode_of(FileAccess access) { return access == FileAccess::kAll ? 0644 : 0600; }

Fd open_new(const std::string& path, FileAccess access) {
  return Fd(
      ::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, mode_of(access)));
}

}  // namespace

Result<std::string> read_file(const std::string& path, std::size_t max_octets) {
  constexpr const char* kAdvice = "check the path and its permissions";
  const Fd file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (file.get() < 0) return trouble(path, "read", kAdvice, errno);
  std::string text;
  std::array<char, 16384> block;
  while (text.size() <= max_octets) {
    const std::size_t room = std::min(block.size(), max_octets + 1 - text.size());
    const ssize_t got = ::read(file.get(), block.data(), room);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return trouble(path, "read", kAdvice, errno);
    if (got == 0) break;
    text.append(block.data(), static_cast<std::size_t>(got));
  }
  return text;
}

Result<void> replace_file(const std::string& path, std::string_view text, FileAccess access) {
  constexpr const char* kAdvice = "check that its directory exists and is writable";
  const std::string temporary = path + ".new";
  // A left-over of a crash is replaced; a link that somebody put there is not followed.
  ::unlink(temporary.c_str());
  const Fd file = open_new(temporary, access);
  const bool written = file.get() >= 0 && write_all(file.get(), text) && ::fsync(file.get()) == 0 &&
                       ::rename(temporary.c_str(), path.c_str()) == 0;
  if (written) return {};
  const int cause = errno;
  if (file.get() >= 0) ::unlink(temporary.c_str());
  return trouble(path, "written", kAdvice, cause);
}

Result<void> create_file(const std::string& path, std::string_view text, FileAccess access) {
  const Fd file = open_new(path, access);
  if (file.get() < 0) {
    const int cause = errno;
    return trouble(path, "created",
                   cause == EEXIST ? "move it away first, it is never overwritten"
                                   : "check that its directory exists and is writable",
                   cause);
  }
  if (write_all(file.get(), text) && ::fsync(file.get()) == 0) return {};
  const int cause = errno;
  ::unlink(path.c_str());
  return trouble(path, "written", "check the disk", cause);
}

}  // namespace base
