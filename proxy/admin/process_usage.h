// What the process itself uses, under the names that Prometheus client libraries share.
#pragma once

#include <cstdint>

#include "base/text_format.h"

namespace proxy::admin {

struct ProcessUsage {
  std::uint64_t cpu_us = 0;  // user and system
  std::uint64_t resident_bytes = 0;
  std::uint64_t virtual_bytes = 0;
  std::uint64_t open_fds = 0;
  std::uint64_t max_fds = 0;  // soft limit
  std::uint64_t threads = 0;
  std::uint64_t start_us = 0;  // since 1970
};

// Reads /proc/self and the resource limits. What cannot be read stays zero.
ProcessUsage read_process_usage();

void write_process_usage(base::TextFormat& out, const ProcessUsage& usage);

}  // namespace proxy::admin
