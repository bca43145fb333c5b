#include "cli/standard_streams.h"

#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <iostream>

#include "base/error.h"
#include "cli/exit_code.h"

namespace cli {
namespace {

// Opened the wrong way round: to read from the output fails, as does writing to it.
void hold(int number, int mode) {
  if (::fcntl(number, F_GETFD) >= 0 || errno != EBADF) return;
  // The lowest free number is the one, since those below it are open.
  if (::open("/dev/null", mode) != number) std::abort();
}

// Whether nobody reads the pipe any more: what failed to be written then may have failed long ago,
// so that errno says nothing of it.
bool reader_has_left() {
  pollfd output{STDOUT_FILENO, POLLOUT, 0};
  return ::poll(&output, 1, 0) == 1 && (output.revents & POLLERR) != 0;
}

}  // namespace

void hold_standard_streams() {
  hold(STDIN_FILENO, O_RDONLY);
  hold(STDOUT_FILENO, O_RDONLY);
  hold(STDERR_FILENO, O_WRONLY);
}

int finish_output(int exit_code) {
  errno = 0;
  std::cout.flush();
  const bool written = std::fflush(stdout) == 0 && std::ferror(stdout) == 0 && std::cout.good();
  const int cause = errno;
  // A reader that has left, as `head` does, has what it wanted.
  if (written || exit_code > kCheckFailed || cause == EPIPE || reader_has_left()) {
    return exit_code;
  }
  std::cerr << "sluice: cannot write to standard output"
            << (cause == 0 ? std::string() : " (" + base::errno_name(cause) + ")")
            << "; what it was to hold is incomplete\n";
  return kEnvironmentTrouble;
}

}  // namespace cli
