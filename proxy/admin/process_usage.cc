#include "proxy/admin/process_usage.h"

#include <sys/resource.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <sstream>
#include <string>
#include <system_error>

namespace proxy::admin {
namespace {

using base::TextFormat;
using Type = base::MetricType;

std::uint64_t to_us(const timeval& time) {
  return static_cast<std::uint64_t>(time.tv_sec) * 1'000'000 +
         static_cast<std::uint64_t>(time.tv_usec);
}

std::uint64_t cpu_time_us() {
  rusage usage{};
  if (::getrusage(RUSAGE_SELF, &usage) != 0) return 0;
  return to_us(usage.ru_utime) + to_us(usage.ru_stime);
}

std::uint64_t count_open_fds() {
  std::error_code error;
  std::filesystem::directory_iterator entries("/proc/self/fd", error);
  std::uint64_t count = 0;
  while (!error && entries != std::filesystem::directory_iterator{}) {
    ++count;
    entries.increment(error);
  }
  return count > 0 ? count - 1 : 0;  // one of them reads this directory
}

std::uint64_t fd_limit() {
  rlimit limit{};
  return ::getrlimit(RLIMIT_NOFILE, &limit) == 0 ? limit.rlim_cur : 0;
}

// When the machine started, in seconds since 1970; processes tell their start relative to it.
std::uint64_t boot_time_s() {
  std::ifstream file("/proc/stat");
  for (std::string line; std::getline(file, line);) {
    if (line.starts_with("btime ")) return std::strtoull(line.c_str() + 6, nullptr, 10);
  }
  return 0;
}

// Fields of /proc/self/stat from the third on (proc(5)); the second, the program's name, may hold
// spaces and parentheses, but nothing after its last parenthesis does.
void read_stat(ProcessUsage& usage) {
  std::ifstream file("/proc/self/stat");
  std::string line;
  std::getline(file, line);
  const size_t name_end = line.rfind(')');
  if (name_end == std::string::npos) return;
  std::istringstream fields(line.substr(name_end + 1));
  std::string skipped;
  for (int field = 3; field < 20; ++field) fields >> skipped;
  std::uint64_t start_ticks = 0;
  fields >> usage.threads >> skipped >> start_ticks >> usage.virtual_bytes >> usage.resident_bytes;
  usage.resident_bytes *= static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE));

  if (const std::uint64_t boot = boot_time_s(); boot != 0) {
    const auto ticks_per_s = static_cast<std::uint64_t>(::sysconf(_SC_CLK_TCK));
    usage.start_us = boot * 1'000'000 + start_ticks * 1'000'000 / ticks_per_s;
  }
}

}  // namespace

ProcessUsage read_process_usage() {
  ProcessUsage usage;
  usage.cpu_us = cpu_time_us();
  usage.open_fds = count_open_fds();
  usage.max_fds = fd_limit();
  read_stat(usage);
  return usage;
}

void write_process_usage(TextFormat& out, const ProcessUsage& usage) {
  out.single("process_cpu_seconds_total", Type::kCounter, "User and system CPU time.",
             TextFormat::seconds(usage.cpu_us));
  out.single("process_resident_memory_bytes", Type::kGauge, "Resident memory.",
             usage.resident_bytes);
  out.single("process_virtual_memory_bytes", Type::kGauge, "Virtual memory.", usage.virtual_bytes);
  out.single("process_open_fds", Type::kGauge, "Open file descriptors.", usage.open_fds);
  out.single("process_max_fds", Type::kGauge, "Limit of open file descriptors.", usage.max_fds);
  out.single("process_threads", Type::kGauge, "Threads.", usage.threads);
  out.single("process_start_time_seconds", Type::kGauge, "Start of the process since 1970.",
             TextFormat::seconds(usage.start_us));
}

}  // namespace proxy::admin
