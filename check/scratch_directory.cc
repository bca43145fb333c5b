#include "check/scratch_directory.h"

#include <cstdlib>
#include <filesystem>
#include <system_error>

namespace check {

ScratchDirectory::ScratchDirectory(std::string_view purpose) {
  const std::string name = "sluice-" + std::string(purpose) + "-XXXXXX";
  std::error_code unknown;
  std::string path = (std::filesystem::temp_directory_path(unknown) / name).string();
  if (::mkdtemp(path.data()) != nullptr) path_ = path;
}

ScratchDirectory::~ScratchDirectory() {
  std::error_code ignored;
  if (!path_.empty()) std::filesystem::remove_all(path_, ignored);
}

}  // namespace check
