// Whether the configuration's file has been replaced.
#pragma once

#include <string>

#include "base/file_stamp.h"

namespace cli {

// Not thread-safe.
class ConfigWatch {
 public:
  // Changes count from now on: construct it before the file is read for the first time. With an
  // empty path nothing ever changes.
  explicit ConfigWatch(std::string path);

  // True once for each change, and not before the file is the same in two calls: who edits it in
  // place writes it in pieces. A file that is gone has not changed; nothing could be read from it.
  bool has_changed();

 private:
  std::string path_;
  base::FileStamp read_;  // as it was when it was last read, or begun to be
  base::FileStamp seen_;  // by the last call
};

}  // namespace cli
