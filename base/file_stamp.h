// Noticing that a file has changed.
#pragma once

#include <cstdint>
#include <string>

namespace base {

// What tells one content of a file from the next without reading it. Symbolic links are followed,
// so the swap of ..data, by which Kubernetes replaces all files of a volume at once, shows.
struct FileStamp {
  std::uint64_t device = 0;
  std::uint64_t inode = 0;
  std::int64_t modified_ns = 0;
  std::int64_t size = -1;  // -1: there is no such file

  friend bool operator==(const FileStamp&, const FileStamp&) = default;
};

FileStamp stamp_of(const std::string& path);

}  // namespace base
