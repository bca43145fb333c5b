// Reads the webhook's files again when they change.
#pragma once

#include <sys/types.h>

#include <array>
#include <cstdint>
#include <string>

#include "aks/webhook/metrics.h"
#include "aks/webhook/settings.h"

namespace aks::webhook {

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

// Not thread-safe; what it replaces is.
class Reloader {
 public:
  // Changes count from now on: construct it before the files are read for the first time.
  // `settings` and `metrics` outlive it.
  explicit Reloader(Sources sources);

  // Reads what has changed since the last call. A file that is wrong leaves what is in use as it
  // is; that, and each replacement, is logged once.
  void poll(LiveSettings& settings, Metrics& metrics);

 private:
  Sources sources_;
  FileStamp config_;
  std::array<FileStamp, 2> identity_;
};

}  // namespace aks::webhook
