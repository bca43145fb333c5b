#include "check/progress.h"

#include "check/report_summary.h"

namespace check {
namespace {

// Return to the first column and erase to the end of the line (ECMA-48 EL).
constexpr char kRewrite[] = "\r\x1b[K";

}  // namespace

std::string Progress::advance(Verdict verdict, std::chrono::milliseconds elapsed) {
  const size_t tenth_before = total_ == 0 ? 0 : done_ * 10 / total_;
  ++done_;
  if (verdict == Verdict::kFail) ++failed_;
  const std::string line = std::to_string(done_) + "/" + std::to_string(total_) + " probes, " +
                           std::to_string(failed_) + " failed, " + short_duration(elapsed);
  if (terminal_ == Terminal::kYes) return kRewrite + line;
  const bool tenth_reached = total_ != 0 && done_ * 10 / total_ > tenth_before;
  return tenth_reached ? line + "\n" : "";
}

std::string Progress::finish() const { return terminal_ == Terminal::kYes ? kRewrite : ""; }

}  // namespace check
