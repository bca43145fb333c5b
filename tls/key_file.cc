#include "tls/key_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>

#include "base/file.h"
#include "tls/error.h"

namespace tls {
namespace {

constexpr mode_t kGroupRead = S_IRGRP;
constexpr mode_t kOthers = S_IRWXG | S_IRWXO;

base::Failure file_failure(const std::string& path, const char* doing, int cause,
                           const char* next_step) {
  return base::fail(base::ErrorCode::kIo, base::Party::kProxy,
                    std::string("cannot ") + doing + " the key file " + path + " (" +
                        base::errno_name(cause) + ")" + next_step,
                    cause);
}

base::Failure exposed(const std::string& path, std::string why) {
  return base::fail(base::ErrorCode::kBadRequest, base::Party::kProxy,
                    "the key file " + path + " " + std::move(why));
}

std::string octal(mode_t mode) {
  std::string text = "0";
  for (const unsigned shift : {6U, 3U, 0U}) text += static_cast<char>('0' + (mode >> shift & 7U));
  return text;
}

// Room for the whole is made first: text that grows would leave copies of itself in freed memory.
base::Result<std::string> read_secret(int fd, const std::string& path) {
  std::string text(kMaxKeyBytes + 1, '\0');
  size_t size = 0;
  while (size < text.size()) {
    const ssize_t got = ::read(fd, text.data() + size, text.size() - size);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) {
      const int cause = errno;
      wipe(text);
      return file_failure(path, "read", cause, "; check the disk");
    }
    if (got == 0) break;
    size += static_cast<size_t>(got);
  }
  text.resize(size);
  return text;
}

base::Result<PrivateKey> read_open(int fd, const std::string& path) {
  struct stat file {};
  if (::fstat(fd, &file) != 0) return file_failure(path, "look at", errno, "");
  const auto checked = check_key_access(path, {file.st_mode, file.st_uid}, ::geteuid());
  if (!checked) return base::fail(checked.error());
  base::Result<std::string> text = read_secret(fd, path);
  if (!text) return base::fail(text.error());
  base::Result<PrivateKey> key = PrivateKey::from_pem(*text);
  wipe(*text);
  if (key) return key;
  base::Error error = key.error();
  error.detail = "the key file " + path + ": " + error.detail;
  return base::fail(std::move(error));
}

}  // namespace

base::Result<void> check_key_access(const std::string& path, FileAccess file, unsigned self) {
  if (!S_ISREG(file.mode)) return exposed(path, "is no regular file; give the key's own path");
  const bool handed_down = file.owner != self;
  if (handed_down && file.owner != 0) {
    return exposed(path, "belongs to user " + std::to_string(file.owner) +
                             ", who could replace it; expected user " + std::to_string(self) +
                             ", whom this process runs as, or root: chown it");
  }
  const mode_t refused = handed_down ? kOthers & ~kGroupRead : kOthers;
  if ((file.mode & refused) != 0) {
    return exposed(path, "has mode " + octal(file.mode) +
                             ", so others than its owner may use it; chmod 600 it, and make a new "
                             "key if anybody else has had access to this machine");
  }
  return {};
}

base::Result<PrivateKey> read_key_file(const std::string& path) {
  // A FIFO must not hold up the start.
  const int fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
  if (fd < 0) {
    return file_failure(path, "read", errno,
                        errno == EACCES ? "; it must be readable by this process's user, mode 0600"
                                        : "; check the path");
  }
  base::Result<PrivateKey> key = read_open(fd, path);
  ::close(fd);
  return key;
}

base::Result<void> write_key_file(const std::string& path, const PrivateKey& key) {
  std::string text = key.pem();
  if (text.empty()) return library_failure("cannot encode a private key");
  base::Result<void> written = base::create_file(path, text, base::FileAccess::kOwner);
  wipe(text);
  return written;
}

}  // namespace tls
