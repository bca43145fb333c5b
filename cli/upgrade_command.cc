#include "cli/upgrade_command.h"

#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <memory>
#include <string>
#include <thread>

#include "base/clock.h"
#include "base/units.h"
#include "cli/exit_code.h"
#include "cli/pid_file.h"

namespace cli {
namespace {

constexpr std::chrono::milliseconds kLook{20};

constexpr const char* kExamples = R"(Examples:
  sluice upgrade                                  of the packaged service
  sluice upgrade --pid-file /run/sluice-2.pid     of the proxy that `sluice run --pid-file` started so

The running proxy starts its program anew, from the file it was started from, with its own arguments. The new
process takes over the listening sockets; the old one accepts nobody any more and serves what it has to the end,
for timeouts.upgrade at most. Should the new one not come to serve, the old one goes on as before.

Exit codes: 0 the new process serves, 1 it does not, 2 wrong usage, 3 there is no such process.)";

struct Flags {
  std::string pid_file = "/run/sluice/sluice.pid";
  std::string timeout = "1m";
};

// Whether the process waits for USR2; to any other the signal would be the end.
bool takes_the_signal(pid_t process) {
  std::ifstream status("/proc/" + std::to_string(process) + "/status");
  constexpr std::string_view kBlocked = "SigBlk:";
  for (std::string line; std::getline(status, line);) {
    if (!line.starts_with(kBlocked)) continue;
    const auto blocked = std::strtoull(line.c_str() + kBlocked.size(), nullptr, 16);
    return ((blocked >> (SIGUSR2 - 1)) & 1U) != 0;
  }
  return false;
}

int upgrade(const Flags& flags) {
  const auto timeout = base::parse_duration(flags.timeout);
  if (!timeout) {
    return complain("--timeout " + flags.timeout + " is no duration; expected one such as 1m",
                    kWrongUsage);
  }
  const pid_t process = PidFile::read(flags.pid_file);
  if (process == 0) {
    return complain(flags.pid_file +
                        " names no process; start the proxy with `sluice run --pid-file`, and name "
                        "that file here",
                    kEnvironmentTrouble);
  }
  const std::string which =
      "process " + std::to_string(process) + ", which " + flags.pid_file + " names, ";
  if (::kill(process, 0) != 0) {
    return complain(which + (errno == ESRCH ? "is not there any more; start the proxy"
                                            : "belongs to another user; try as that user or root"),
                    kEnvironmentTrouble);
  }
  if (!takes_the_signal(process)) {
    return complain(which +
                        "does not wait for USR2, so it is no sluice, or one that can't be "
                        "upgraded yet; restart it",
                    kEnvironmentTrouble);
  }
  const std::string before = PidFile::read_upgrade(flags.pid_file);
  ::kill(process, SIGUSR2);
  const base::Instant until = base::steady_now() + *timeout;
  std::string after = before;
  while (after == before) {
    if (base::steady_now() >= until) {
      return complain(which + "did not say how the upgrade went within " +
                          base::format_duration(*timeout) + "; its log may",
                      kCheckFailed);
    }
    std::this_thread::sleep_for(kLook);
    after = PidFile::read_upgrade(flags.pid_file);
  }
  const std::string_view outcome = PidFile::outcome_of(after);
  constexpr std::string_view kDone = "done ";
  constexpr std::string_view kFailed = "failed ";
  if (!outcome.starts_with(kDone)) {
    const bool said = outcome.starts_with(kFailed);
    return complain(
        "not upgraded: " + std::string(said ? outcome.substr(kFailed.size()) : outcome) +
            "; process " + std::to_string(process) + " serves on",
        kCheckFailed);
  }
  const std::string_view new_one = outcome.substr(kDone.size());
  const std::size_t blank = new_one.find(' ');
  std::cout << "process " << new_one.substr(0, blank) << " serves now, with sluice "
            << (blank == std::string_view::npos ? "" : new_one.substr(blank + 1)) << "; process "
            << process << " ends with the last of its sessions\n";
  return kOk;
}

}  // namespace

void add_upgrade_command(Command app, int& exit_code) {
  const Command command =
      app.add_subcommand("upgrade", "Replace a running proxy's program, with nothing dropped");
  const auto flags = std::make_shared<Flags>();
  command.add_option("--pid-file", flags->pid_file, "where the proxy's number stands")
      .value_name("FILE")
      .shows_default();
  command.add_option("--timeout", flags->timeout, "for the new process to serve").shows_default();
  command.footer(kExamples);
  command.callback([flags, &exit_code] { exit_code = upgrade(*flags); });
}

}  // namespace cli
