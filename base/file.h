// Reading a file whole.
#pragma once

#include <cstddef>
#include <string>

#include "base/result.h"

namespace base {

// What the file holds; of more than `max_octets` one octet more, for whoever refuses what is too
// long. Fails (proxy) with kIo, naming the path.
Result<std::string> read_file(const std::string& path, std::size_t max_octets);

}  // namespace base
