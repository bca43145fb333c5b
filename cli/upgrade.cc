#include "cli/upgrade.h"

#include <fcntl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <fstream>
#include <set>
#include <string_view>
#include <utility>

#include "base/escape.h"
#include "cli/inheritance.h"

namespace cli {
namespace {

constexpr std::size_t kMaxMessage = 4096;

// Programs that are process 1 of a container for another one, and end when that one ends.
bool is_tiny_init(const std::string& name) {
  static const std::set<std::string> kNames{"tini",      "docker-init", "dumb-init",
                                            "catatonit", "s6-svscan",   "podman-init"};
  return kNames.contains(name);
}

std::string name_of_first_process() {
  std::ifstream file("/proc/1/comm");
  std::string name;
  std::getline(file, name);
  return name;
}

// What a new process needs, laid out before the fork: between fork and exec a process of several
// threads may call nothing that takes a lock.
struct Launch {
  Launch(const ProgramImage& program, const std::vector<net::HandedSocket>& sockets, int its_end)
      : path(program.path), channel(its_end), arguments(program.arguments) {
    for (const net::HandedSocket& socket : sockets) descriptors.push_back(socket.fd);
    descriptors.push_back(channel);
    for (char** variable = ::environ; *variable != nullptr; ++variable) {
      // systemd names the process that it watches; without that name it is whoever asks.
      if (!std::string_view(*variable).starts_with("WATCHDOG_PID=")) {
        environment.emplace_back(*variable);
      }
    }
    environment.push_back(std::string(kHandoverVariable) + "=" + format_handover(channel, sockets));
    argv = pointers_to(arguments);
    envp = pointers_to(environment);
  }
  Launch(const Launch&) = delete;
  Launch& operator=(const Launch&) = delete;

  static std::vector<char*> pointers_to(std::vector<std::string>& texts) {
    std::vector<char*> pointers;
    pointers.reserve(texts.size() + 1);
    for (std::string& text : texts) pointers.push_back(text.data());
    pointers.push_back(nullptr);
    return pointers;
  }

  std::string path;
  int channel;
  std::vector<int> descriptors;
  std::vector<std::string> arguments, environment;
  std::vector<char*> argv, envp;
};

// In the new process.
[[noreturn]] void become(const Launch& launch) {
  for (const int fd : launch.descriptors) ::fcntl(fd, F_SETFD, 0);
  sigset_t none;
  ::sigemptyset(&none);
  ::sigprocmask(SIG_SETMASK, &none, nullptr);
  ::execve(launch.path.c_str(), launch.argv.data(), launch.envp.data());
  const int cause = errno;
  std::array<char, 1 + sizeof cause> message{'x'};
  std::memcpy(message.data() + 1, &cause, sizeof cause);
  (void)!::write(launch.channel, message.data(), message.size());
  ::_exit(127);
}

// The process id of the program, started by a process of its own that ends at once, so that a
// service manager becomes its parent and hears of its end; -1 where the system refuses.
pid_t start(const Launch& launch) {
  std::array<int, 2> answer{};
  if (::pipe2(answer.data(), O_CLOEXEC) != 0) return -1;
  const pid_t between = ::_Fork();
  if (between == 0) {
    const pid_t successor = ::_Fork();
    if (successor == 0) become(launch);
    (void)!::write(answer[1], &successor, sizeof successor);
    ::_exit(0);
  }
  ::close(answer[1]);
  pid_t successor = -1;
  if (between > 0) {
    if (::read(answer[0], &successor, sizeof successor) != sizeof successor) successor = -1;
    while (::waitpid(between, nullptr, 0) < 0 && errno == EINTR) continue;
  }
  ::close(answer[0]);
  return successor;
}

}  // namespace

std::string Upgrade::obstacle() {
  const bool first = ::getpid() == 1;
  // Started from outside of its process namespace, as a container's own process is when it shares
  // the namespace of others.
  const bool stranger = !first && ::getppid() == 0;
  if (!first && !stranger && !(::getppid() == 1 && is_tiny_init(name_of_first_process())))
    return "";
  return std::string("this process is ") + (first ? "process 1" : "the main process") +
         " of a container, which ends with it: replace the container by one of the new image "
         "(a rolling update of the Deployment does so without a refused connection)";
}

base::Result<Upgrade> Upgrade::begin(const ProgramImage& program,
                                     const std::vector<net::HandedSocket>& sockets) {
  const auto refused = [](const char* what, int cause) {
    return base::fail(base::ErrorCode::kIo, base::Party::kProxy,
                      std::string(what) + " (" + base::errno_name(cause) + ")", cause);
  };
  std::array<int, 2> ends{};
  if (::socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends.data()) != 0) {
    return refused("there is no channel to be had to a new process", errno);
  }
  base::Fd mine(ends[0]);
  const base::Fd its(ends[1]);
  const Launch launch(program, sockets, its.get());
  const pid_t successor = start(launch);
  if (successor < 0) return refused("no new process can be started", errno);
  return Upgrade(std::move(mine), successor);
}

Upgrade::Upgrade(base::Fd channel, pid_t successor)
    : channel_(std::move(channel)), successor_(successor), until_(base::steady_now() + kLimit) {}

Upgrade::State Upgrade::look() {
  std::array<char, kMaxMessage> octets;
  while (state_ == State::kUnderWay) {
    const ssize_t got = ::recv(channel_.get(), octets.data(), octets.size(), MSG_DONTWAIT);
    if (got > 0) {
      hear({octets.data(), static_cast<std::size_t>(got)});
    } else if (got == 0 || errno != EAGAIN) {
      fail("the new process ended before it was ready; its last words are in the log");
    } else if (base::steady_now() < until_) {
      break;
    } else {
      ::kill(successor_, SIGKILL);
      fail("the new process was not ready within " + std::to_string(kLimit.count()) + " s");
    }
  }
  return state_;
}

void Upgrade::hear(std::string_view message) {
  const std::string_view rest = message.substr(1);
  switch (message.front()) {
    case 'r':
      version_ = rest;
      state_ = State::kReady;
      return;
    case 'x': {
      int cause = 0;
      std::memcpy(&cause, rest.data(), std::min(rest.size(), sizeof cause));
      return fail("the program can't be started (" + base::errno_name(cause) + ")");
    }
    default: return fail(std::string(rest));
  }
}

void Upgrade::fail(const std::string& why) {
  why_ = base::printable(why);
  state_ = State::kFailed;
}

void Upgrade::abandon() { ::kill(successor_, SIGTERM); }

void Upgrade::go_on() { ::send(channel_.get(), "g", 1, MSG_NOSIGNAL); }

}  // namespace cli
