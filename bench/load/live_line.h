// One line on standard error that is written over again and again while something goes on.
#pragma once

#include <cstdint>
#include <string>

#include "base/clock.h"

namespace load {

class LiveLine {
 public:
  LiveLine(bool shown, std::string label);
  ~LiveLine();
  LiveLine(const LiveLine&) = delete;
  LiveLine& operator=(const LiveLine&) = delete;

  // At most a few times a second, however often it is called.
  void show(std::uint64_t done, std::uint64_t failed, base::Instant now);

 private:
  bool shown_;
  std::string label_;
  base::Instant started_;
  base::Instant last_;
  std::uint64_t last_done_ = 0;
  bool dirty_ = false;
};

}  // namespace load
