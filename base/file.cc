#include "base/file.h"

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <memory>
#include <system_error>

namespace base {
namespace {

struct CloseFile {
  void operator()(std::FILE* file) const { std::fclose(file); }
};

Failure unreadable(const std::string& path, int cause) {
  return fail(ErrorCode::kIo, Party::kProxy,
              path + " can't be read (" + errno_name(cause) + ": " +
                  std::generic_category().message(cause) + "); check the path and its permissions",
              cause);
}

}  // namespace

Result<std::string> read_file(const std::string& path, std::size_t max_octets) {
  const std::unique_ptr<std::FILE, CloseFile> file(std::fopen(path.c_str(), "rbe"));
  if (!file) return unreadable(path, errno);
  std::string text;
  // Grows with what is there: the bound is usually far above it.
  for (std::size_t got = 1; got > 0 && text.size() <= max_octets;) {
    char chunk[16 * 1024];
    got = std::fread(chunk, 1, std::min(sizeof chunk, max_octets + 1 - text.size()), file.get());
    if (std::ferror(file.get()) != 0) return unreadable(path, errno);
    text.append(chunk, got);
  }
  return text;
}

}  // namespace base
