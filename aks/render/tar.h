// A tar archive (POSIX.1-2017, "ustar") that is the same for the same entries: times are zero, the
// owner is root.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace aks::render {

struct TarEntry {
  std::string path;  // relative, e.g. "etc/environment"; at most 100 octets
  unsigned mode = 0644;
  std::string_view content;  // outlives the call
};

// The archive's octets. Directories on the way get entries of their own (0755), each once. Fails
// (party: client, kBadRequest) when a path is empty, absolute, has ".." or is too long.
base::Result<std::string> make_tar(const std::vector<TarEntry>& entries);

}  // namespace aks::render
