// The answer in one line, and the exit code that says the same.
#pragma once

#include <chrono>
#include <string>

#include "base/clock.h"
#include "check/report_data.h"

namespace check {

struct Counts {
  size_t pass = 0;
  size_t warn = 0;
  size_t fail = 0;
  size_t skip = 0;

  size_t tried() const { return pass + warn + fail; }
  void add(Verdict verdict);
};

Counts count(const Report& report);

// kPass, kWarn or kFail for the check as a whole: kFail when a probe failed, when a finding is an
// error, or when nothing could be tried at all, since that proves nothing.
Verdict overall(const Report& report);

// 0 unless overall() is kFail, then 1.
int exit_code(const Report& report);

// "12 probes: 9 passed, 1 warning, 2 failed, 5 skipped in 3.1 s"; with clients, routes are counted
// instead of probes. Without newline.
std::string summary_line(const Report& report);

// "340 µs", "12 ms", "1.2 s", "75 s".
std::string short_duration(std::chrono::microseconds duration);

// "2026-08-21T09:30:00Z" (RFC 3339).
std::string format_time(base::WallTime time);

}  // namespace check
