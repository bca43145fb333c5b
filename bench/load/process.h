// What /proc says about the proxy and the machine.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <cstdint>
#include <map>

namespace load {

// The CPU time that a process and its descendants have used so far.
struct CpuTime {
  // By thread, from the scheduler, to the nanosecond. Threads that ended are missing.
  std::map<pid_t, std::chrono::nanoseconds> threads;
  // User and system time of all processes, to the 10 ms of a clock tick, ended threads and
  // collected children included.
  std::chrono::nanoseconds ticks{0};
  std::size_t processes = 0;
};

// Of the process `root` and its descendants; empty when there is none.
CpuTime cpu_time(pid_t root);

// What was used between two readings: by thread, or by ticks when threads have ended in between,
// which shows in the ticks alone.
std::chrono::nanoseconds cpu_between(const CpuTime& before, const CpuTime& after);

// Proportional set size of the process `root` and its descendants: memory shared by n processes
// counts 1/n in each. Without what is mapped from files: that share falls when anybody on the
// machine maps the same library. 0 when it can't be read, or before Linux 5.4.
std::uint64_t pss_kib(pid_t root);

bool process_exists(pid_t pid);

// The time that all CPUs of the machine have been busy: user, system and interrupts, everyone's but
// of processes with a nice value above 0, which give way to the load (bench/compare keeps CPUs
// awake with such).
std::chrono::nanoseconds machine_busy();

}  // namespace load
