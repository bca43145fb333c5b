#include "cli/signals.h"

#include <ctime>

namespace cli {

Signals::Signals() {
  ::sigemptyset(&set_);
  for (const int number : {SIGTERM, SIGINT, SIGHUP, SIGUSR1}) ::sigaddset(&set_, number);
  ::pthread_sigmask(SIG_BLOCK, &set_, nullptr);
}

int Signals::wait() const {
  int number = 0;
  while (::sigwait(&set_, &number) != 0) continue;
  return number;
}

int Signals::wait_for(std::chrono::milliseconds time) const {
  const timespec limit{time.count() / 1000, (time.count() % 1000) * 1'000'000};
  const int number = ::sigtimedwait(&set_, nullptr, &limit);
  return number < 0 ? 0 : number;
}

}  // namespace cli
