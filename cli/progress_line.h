// How far a check is, while it runs.
#pragma once

#include <unistd.h>

#include <iostream>
#include <optional>

#include "base/clock.h"
#include "check/progress.h"
#include "cli/terminal.h"

namespace cli {

// The live line on standard error while probes run, for terminals alone: a log has no use for it.
class ProgressLine {
 public:
  void planned(size_t total) {
    if (!is_capable_terminal(STDERR_FILENO)) return;
    progress_.emplace(total);
    began_ = base::steady_now();
  }
  void each(const check::ProbeResult& result) {
    if (!progress_) return;
    const auto elapsed = base::steady_now() - began_;
    std::cerr << progress_->advance(result.verdict,
                                    std::chrono::duration_cast<std::chrono::milliseconds>(elapsed))
              << std::flush;
  }
  void finish() const {
    if (progress_) std::cerr << progress_->finish() << std::flush;
  }

 private:
  std::optional<check::Progress> progress_;
  base::Instant began_;
};

}  // namespace cli
