#include "cli/process.h"

#include <sys/resource.h>
#include <unistd.h>

#include <fstream>

#include "base/log.h"

namespace cli {

unsigned long raise_descriptor_limit() {
  rlimit limit{};
  ::getrlimit(RLIMIT_NOFILE, &limit);
  limit.rlim_cur = limit.rlim_max;
  ::setrlimit(RLIMIT_NOFILE, &limit);
  ::getrlimit(RLIMIT_NOFILE, &limit);
  return limit.rlim_cur;
}

void keep_keys_out_of_cores() {
  std::ofstream filter("/proc/self/coredump_filter");
  filter << "0" << std::flush;
  if (filter) return;
  base::log_warn(
      "cannot keep keys out of core files (/proc/self/coredump_filter is not writable); switch "
      "core files off for this process (LimitCORE=0, ulimit -c 0)");
}

void warn_of_root() {
  if (::geteuid() != 0) return;
  base::log_warn(
      "running as root, which is not needed: a fault would cost the whole machine; run as a user "
      "of "
      "its own (User= of systemd, runAsNonRoot of Kubernetes) with CAP_NET_BIND_SERVICE for ports "
      "below 1024");
}

}  // namespace cli
