// A tar archive from somebody else, in memory: POSIX ustar, and what GNU tar and pax add for long
// names.
#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "base/result.h"

namespace aks::audit {

struct TarMember {
  std::string path;          // as written, e.g. "./etc/environment"
  unsigned mode = 0;         // permission bits
  std::string_view content;  // of the archive, which outlives it
};

// Calls `each` with every regular file, in order. Fails (client, kBadRequest) when the text is no
// tar archive, is cut, or a header's checksum is wrong; `each` has seen what stands before that.
base::Result<void> read_tar(std::string_view archive,
                            const std::function<void(const TarMember&)>& each);

}  // namespace aks::audit
