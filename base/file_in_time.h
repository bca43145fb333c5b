// Whole files for a server, which may not wait for whoever is to write them.
#pragma once

#include <cstddef>
#include <string>

#include "base/result.h"

namespace base {

// As read_file (base/file.h), but the writer of a FIFO is waited for five seconds at most.
Result<std::string> read_file_in_time(const std::string& path, std::size_t max_octets);

}  // namespace base
