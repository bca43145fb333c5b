#include "check/progress.h"

#include "check/report_summary.h"

namespace check {
namespace {

// Return to the first column and erase to the end of the line (ECMA-48 EL).
constexpr char kRewrite[] = "\r\x1b[K";

}  // namespace

std::string Progress::advance(Verdict verdict, std::chrono::milliseconds elapsed) {
  ++done_;
  if (verdict == Verdict::kFail) ++failed_;
  return kRewrite + std::to_string(done_) + "/" + std::to_string(total_) + " probes, " +
         std::to_string(failed_) + " failed, " + short_duration(elapsed);
}

std::string Progress::finish() { return kRewrite; }

}  // namespace check
