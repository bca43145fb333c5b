#include "bench/load/process.h"

#include <dirent.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <fstream>
#include <memory>
#include <sstream>
#include <string>
#include <vector>

namespace load {
namespace {

using std::chrono::nanoseconds;

nanoseconds from_ticks(std::int64_t ticks) {
  return nanoseconds(ticks * (1'000'000'000 / ::sysconf(_SC_CLK_TCK)));
}

std::string proc(pid_t pid) { return "/proc/" + std::to_string(pid); }

// The names in a directory that are numbers.
std::vector<pid_t> numbers_in(const std::string& path) {
  std::vector<pid_t> numbers;
  const std::unique_ptr<DIR, int (*)(DIR*)> directory(::opendir(path.c_str()), ::closedir);
  if (!directory) return numbers;
  while (const dirent* entry = ::readdir(directory.get())) {
    const std::string_view name = entry->d_name;
    pid_t number = 0;
    const auto [end, error] = std::from_chars(name.data(), name.data() + name.size(), number);
    if (error == std::errc() && end == name.data() + name.size()) numbers.push_back(number);
  }
  return numbers;
}

// The fields of /proc/PID/stat behind the command's name, "state" first: proc(5)'s number 3.
std::vector<std::int64_t> stat_fields(pid_t pid) {
  std::ifstream file(proc(pid) + "/stat");
  std::string text;
  std::getline(file, text);
  const size_t name_end = text.rfind(')');
  if (name_end == std::string::npos || name_end + 4 > text.size()) return {};
  std::istringstream rest(text.substr(name_end + 4));  // behind ") S "
  std::vector<std::int64_t> fields{0};
  for (std::int64_t value = 0; rest >> value;) fields.push_back(value);
  return fields;
}

std::int64_t stat_field(const std::vector<std::int64_t>& fields, size_t number) {
  return number - 3 < fields.size() ? fields[number - 3] : 0;
}

std::vector<pid_t> family(pid_t root) {
  std::multimap<pid_t, pid_t> children;
  for (const pid_t pid : numbers_in("/proc")) {
    children.emplace(static_cast<pid_t>(stat_field(stat_fields(pid), 4)), pid);
  }
  std::vector<pid_t> found{root};
  for (size_t i = 0; i < found.size(); ++i) {
    const auto [first, last] = children.equal_range(found[i]);
    for (auto child = first; child != last; ++child) found.push_back(child->second);
  }
  return found;
}

}  // namespace

CpuTime cpu_time(pid_t root) {
  CpuTime time;
  std::int64_t ticks = 0;
  for (const pid_t pid : family(root)) {
    ++time.processes;
    const auto fields = stat_fields(pid);
    for (const size_t number : {14U, 15U, 16U, 17U}) ticks += stat_field(fields, number);
    for (const pid_t thread : numbers_in(proc(pid) + "/task")) {
      std::ifstream file(proc(pid) + "/task/" + std::to_string(thread) + "/schedstat");
      std::int64_t running = 0;
      if (file >> running) time.threads[thread] = nanoseconds(running);
    }
  }
  time.ticks = from_ticks(ticks);
  return time;
}

nanoseconds cpu_between(const CpuTime& before, const CpuTime& after) {
  nanoseconds by_thread{0};
  for (const auto& [thread, time] : after.threads) {
    const auto earlier = before.threads.find(thread);
    by_thread += earlier == before.threads.end() ? time : time - earlier->second;
  }
  // User and system time are each rounded to a tick, at both readings.
  const nanoseconds rounding =
      from_ticks(4) * static_cast<std::int64_t>(std::max(before.processes, after.processes));
  const nanoseconds by_ticks = after.ticks - before.ticks;
  return by_ticks > by_thread + rounding ? by_ticks : by_thread;
}

std::uint64_t pss_kib(pid_t root) {
  std::uint64_t total = 0;
  for (const pid_t pid : family(root)) {
    std::ifstream file(proc(pid) + "/smaps_rollup");
    for (std::string word; file >> word;) {
      std::uint64_t kib = 0;
      if ((word == "Pss_Anon:" || word == "Pss_Shmem:") && file >> kib) total += kib;
    }
  }
  return total;
}

bool process_exists(pid_t pid) { return ::access(proc(pid).c_str(), F_OK) == 0; }

nanoseconds machine_busy() {
  std::ifstream file("/proc/stat");
  std::string label;
  std::int64_t user = 0, nice = 0, system = 0, idle = 0, wait = 0, irq = 0, softirq = 0;
  file >> label >> user >> nice >> system >> idle >> wait >> irq >> softirq;
  return from_ticks(user + system + irq + softirq);
}

}  // namespace load
