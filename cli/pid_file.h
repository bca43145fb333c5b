// Where others find the process that serves: a file with its number, and beside it, in
// PATH.upgrade, how the last upgrade went.
#pragma once

#include <sys/types.h>

#include <string>
#include <string_view>

#include "base/result.h"

namespace cli {

class PidFile {
 public:
  // Without a path there is no file, and the rest does nothing.
  explicit PidFile(std::string path) : path_(std::move(path)) {}
  // Removes the file where it names this process still.
  ~PidFile();
  PidFile(const PidFile&) = delete;
  PidFile& operator=(const PidFile&) = delete;

  // Fails (proxy) with kIo, naming the file.
  base::Result<void> write(pid_t process) const;
  base::Result<void> note_upgrade(std::string_view outcome) const;

  // These read what another process wrote. 0 where no process is named.
  static pid_t read(const std::string& path);
  // With the time of the attempt in front, so that two are never the same text; "" for none.
  static std::string read_upgrade(const std::string& path);
  // What `note_upgrade` was told, of the text that `read_upgrade` returned.
  static std::string_view outcome_of(std::string_view text);

 private:
  std::string path_;
};

}  // namespace cli
