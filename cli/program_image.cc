#include "cli/program_image.h"

#include <sys/auxv.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <system_error>

namespace cli {

ProgramImage ProgramImage::running() {
  ProgramImage image;
  std::ifstream file("/proc/self/cmdline", std::ios::binary);
  const std::string line((std::istreambuf_iterator<char>(file)), {});
  for (std::size_t from = 0; from < line.size();) {
    const std::size_t end = std::min(line.find('\0', from), line.size());
    image.arguments.push_back(line.substr(from, end - from));
    from = end + 1;
  }
  // As execve was told (getauxval(3)); /proc/self/exe is where a symbolic link led at the time.
  // NOLINTNEXTLINE(performance-no-int-to-ptr): getauxval(3) gives pointers as numbers
  const auto* name = reinterpret_cast<const char*>(::getauxval(AT_EXECFN));
  std::error_code failure;
  if (name != nullptr) image.path = std::filesystem::absolute(name, failure).string();
  if (failure) image.path = name;
  return image;
}

}  // namespace cli
