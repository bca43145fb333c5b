// How far the probes are, for people who wait.
#pragma once

#include <chrono>
#include <cstddef>
#include <string>

#include "check/probe_result.h"

namespace check {

enum class Terminal {
  kYes,  // one line, rewritten in place
  kNo,   // a log or pipe: one line for every tenth of the probes
};

// Turns results into the text to write to stderr. Writes nothing itself.
class Progress {
 public:
  Progress(Terminal terminal, size_t total) : terminal_(terminal), total_(total) {}

  // The text to write after one more result; "" when nothing is worth saying.
  std::string advance(Verdict verdict, std::chrono::milliseconds elapsed);

  // The text that makes room for the report: erases the line on a terminal.
  std::string finish() const;

 private:
  Terminal terminal_;
  size_t total_;
  size_t done_ = 0;
  size_t failed_ = 0;
};

}  // namespace check
