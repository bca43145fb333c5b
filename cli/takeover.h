// The same, seen from the process that comes (cli/upgrade.h).
#pragma once

#include <string>

#include "base/fd.h"

namespace cli {

class Takeover {
 public:
  // Without a channel nothing is taken over, and the rest does nothing.
  explicit Takeover(base::Fd predecessor) : predecessor_(std::move(predecessor)) {}

  bool under_way() const { return predecessor_.valid(); }
  // Tells the process before that this one can't serve.
  void give_up(const std::string& sentence);
  // Tells it that this one serves. Returns whether it says to go on; it does not when it has been
  // told to end meanwhile, or has.
  bool ready();

 private:
  base::Fd predecessor_;
};

}  // namespace cli
