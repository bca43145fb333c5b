#include "check/clients/child.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <utility>

namespace check {
namespace {

std::vector<char*> pointers(const std::vector<std::string>& texts) {
  std::vector<char*> out;
  out.reserve(texts.size() + 1);
  // posix_spawn takes char* const[] and does not write to it.
  for (const std::string& text : texts) out.push_back(const_cast<char*>(text.c_str()));
  out.push_back(nullptr);
  return out;
}

}  // namespace

base::Result<Child> Child::start(const Arguments& arguments, const Variables& environment,
                                 Output output) {
  Child child;
  posix_spawn_file_actions_t actions;
  ::posix_spawn_file_actions_init(&actions);
  ::posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
  if (output == Output::kCollected) {
    child.output_ = ::memfd_create("output", MFD_CLOEXEC);
    ::posix_spawn_file_actions_adddup2(&actions, child.output_, 1);
  } else {
    ::posix_spawn_file_actions_addopen(&actions, 1, "/dev/null", O_WRONLY, 0);
  }
  ::posix_spawn_file_actions_adddup2(&actions, 1, 2);
  posix_spawnattr_t attributes;
  ::posix_spawnattr_init(&attributes);
  ::posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETPGROUP);
  const auto argv = pointers(arguments);
  const auto envp = pointers(environment);
  const int error = ::posix_spawnp(&child.pid_, arguments.front().c_str(), &actions, &attributes,
                                   argv.data(), envp.data());
  ::posix_spawn_file_actions_destroy(&actions);
  ::posix_spawnattr_destroy(&attributes);
  if (error != 0) {
    child.pid_ = -1;
    return base::fail(base::ErrorCode::kIo, base::Party::kProxy,
                      arguments.front() + " could not be started (" + base::errno_name(error) + ")",
                      error);
  }
  child.descriptor_ = static_cast<int>(::syscall(SYS_pidfd_open, child.pid_, 0));
  return child;
}

Child::Child(Child&& other) noexcept
    : pid_(std::exchange(other.pid_, -1)),
      descriptor_(std::exchange(other.descriptor_, -1)),
      output_(std::exchange(other.output_, -1)),
      status_(other.status_) {}

Child::~Child() {
  if (pid_ > 0) {
    ::kill(-pid_, SIGKILL);
    ::waitpid(pid_, nullptr, 0);
  }
  if (descriptor_ >= 0) ::close(descriptor_);
  if (output_ >= 0) ::close(output_);
}

bool Child::has_ended() {
  if (pid_ > 0 && ::waitpid(pid_, &status_, WNOHANG) == pid_) pid_ = -1;
  return pid_ < 0;
}

bool Child::succeed_by(base::Instant deadline) {
  while (!has_ended()) {
    const auto left =
        std::chrono::duration_cast<std::chrono::milliseconds>(deadline - base::steady_now());
    if (left.count() <= 0) return false;
    pollfd end{descriptor_, POLLIN, 0};
    ::poll(&end, 1, static_cast<int>(std::min<long>(left.count(), 1000)));
  }
  return WIFEXITED(status_) && WEXITSTATUS(status_) == 0;
}

std::string Child::output() const {
  std::array<char, 4096> buffer{};
  const ssize_t size = ::pread(output_, buffer.data(), buffer.size(), 0);
  return {buffer.data(), static_cast<size_t>(std::max<ssize_t>(size, 0))};
}

}  // namespace check
