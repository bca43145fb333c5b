// How far the probes are, for people who wait.
#pragma once

#include <chrono>
#include <cstddef>
#include <string>

#include "check/probe_result.h"

namespace check {

// Turns results into the text to write to a terminal: one line, rewritten in place. Writes nothing
// itself.
class Progress {
 public:
  explicit Progress(size_t total) : total_(total) {}

  // The text to write after one more result.
  std::string advance(Verdict verdict, std::chrono::milliseconds elapsed);

  // The text that makes room for the report: erases the line.
  static std::string finish();

 private:
  size_t total_;
  size_t done_ = 0;
  size_t failed_ = 0;
};

}  // namespace check
