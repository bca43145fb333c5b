#include "cli/signals.h"

#include <pthread.h>
#include <unistd.h>

#include <algorithm>
#include <ctime>
#include <string_view>

#include "base/patient_write.h"
#include "cli/exit_code.h"

namespace cli {
namespace {

constexpr std::size_t kMaxWaiting = 16;

timespec to_timespec(base::Millis time) {
  const auto ms = std::max<base::Millis::rep>(time.count(), 0);
  return {ms / 1000, (ms % 1000) * 1'000'000};
}

}  // namespace

Signals::Signals(std::initializer_list<int> more) {
  ::sigemptyset(&set_);
  for (const int number : {SIGTERM, SIGINT, SIGHUP, SIGUSR1}) ::sigaddset(&set_, number);
  for (const int number : more) ::sigaddset(&set_, number);
  ::pthread_sigmask(SIG_BLOCK, &set_, nullptr);
  thread_ = std::thread([this] { run(); });
  ::pthread_setname_np(thread_.native_handle(), "signals");
}

Signals::~Signals() {
  {
    const std::lock_guard lock(guard_);
    life_ = Life::kOver;
  }
  ::pthread_kill(thread_.native_handle(), SIGUSR1);
  thread_.join();
}

int Signals::wait_for(std::chrono::milliseconds time) {
  std::unique_lock lock(guard_);
  if (!changed_.wait_for(lock, time, [this] { return !waiting_.empty(); })) return 0;
  const int number = waiting_.front();
  waiting_.pop_front();
  return number;
}

void Signals::run() {
  for (;;) {
    const base::Millis left = end_by_ == base::kNever
                                  ? base::Millis(60'000)
                                  : std::chrono::ceil<base::Millis>(end_by_ - base::steady_now());
    const timespec limit = to_timespec(left);
    const int number = ::sigtimedwait(&set_, nullptr, &limit);
    {
      const std::lock_guard lock(guard_);
      if (life_ == Life::kOver) return;
    }
    if (number > 0) receive(number);
    if (base::steady_now() < end_by_) continue;
    std::string_view last = "sluice: something would not end in time; ending without it\n";
    base::write_patiently(STDERR_FILENO, last, [] { return base::Millis(0); });
    ::_exit(kEnvironmentTrouble);
  }
}

void Signals::receive(int number) {
  if (number == SIGTERM || number == SIGINT) {
    const auto allowed = ++ends_ == 1 ? base::Millis(to_end_ms_) : base::Millis(0);
    end_by_ = std::min(end_by_, base::steady_now() + allowed + kMargin);
  }
  {
    const std::lock_guard lock(guard_);
    // Whoever takes none any more needs none but the latest.
    if (waiting_.size() == kMaxWaiting) waiting_.pop_front();
    waiting_.push_back(number);
  }
  changed_.notify_one();
}

}  // namespace cli
