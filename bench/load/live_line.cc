#include "bench/load/live_line.h"

#include <chrono>
#include <cstdio>

namespace load {
namespace {

constexpr std::chrono::milliseconds kEvery{400};

double seconds(base::Instant::duration time) { return std::chrono::duration<double>(time).count(); }

}  // namespace

LiveLine::LiveLine(bool shown, std::string label)
    : shown_(shown), label_(std::move(label)), started_(base::steady_now()), last_(started_) {}

LiveLine::~LiveLine() {
  if (dirty_) std::fputs("\r\x1b[K", stderr);
}

void LiveLine::show(std::uint64_t done, std::uint64_t failed, base::Instant now) {
  if (!shown_ || now - last_ < kEvery) return;
  const double rate = static_cast<double>(done - last_done_) / seconds(now - last_);
  std::fprintf(stderr, "\r\x1b[K%s: %.1f s, %llu done, %.0f/s, %llu failed", label_.c_str(),
               seconds(now - started_), static_cast<unsigned long long>(done), rate,
               static_cast<unsigned long long>(failed));
  std::fflush(stderr);
  last_ = now;
  last_done_ = done;
  dirty_ = true;
}

}  // namespace load
