// A directory of this process's own for files that nobody needs afterwards.
#pragma once

#include <string>
#include <string_view>

namespace check {

class ScratchDirectory {
 public:
  // Below the system's directory for temporary files, named after `purpose`, closed to other users.
  explicit ScratchDirectory(std::string_view purpose);
  // Removes it with all that is in it.
  ~ScratchDirectory();
  ScratchDirectory(const ScratchDirectory&) = delete;
  ScratchDirectory& operator=(const ScratchDirectory&) = delete;

  // "" when it could not be made; errno says why.
  const std::string& path() const { return path_; }

 private:
  std::string path_;
};

}  // namespace check
