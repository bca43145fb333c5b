#include "cli/service_manager.h"

#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cstddef>
#include <cstdlib>
#include <cstring>
#include <ctime>

#include "base/fd.h"
#include "base/log.h"

namespace cli {
namespace {

std::string variable(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? "" : value;
}

std::string monotonic_usec() {
  timespec now{};
  ::clock_gettime(CLOCK_MONOTONIC, &now);
  return std::to_string(now.tv_sec * 1'000'000LL + now.tv_nsec / 1000);
}

}  // namespace

ServiceManager::ServiceManager() : address_(variable("NOTIFY_SOCKET")) {
  if (!address_.empty() && address_.front() == '@') address_.front() = '\0';
  const std::string process = variable("WATCHDOG_PID");
  if (!process.empty() && process != std::to_string(::getpid())) return;
  const long long usec = std::strtoll(variable("WATCHDOG_USEC").c_str(), nullptr, 10);
  if (usec > 0) watchdog_ = std::chrono::milliseconds(usec / 1000);
}

void ServiceManager::ready(std::string_view status) const {
  say("READY=1\nSTATUS=" + std::string(status));
}

void ServiceManager::reloading() const { say("RELOADING=1\nMONOTONIC_USEC=" + monotonic_usec()); }

void ServiceManager::stopping() const { say("STOPPING=1\nSTATUS=draining"); }

void ServiceManager::alive() const { say("WATCHDOG=1"); }

void ServiceManager::main_process(pid_t process) const {
  say("MAINPID=" + std::to_string(process));
}

void ServiceManager::say(const std::string& lines) const {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  if (address_.empty() || address_.size() >= sizeof address.sun_path) return;
  std::memcpy(address.sun_path, address_.data(), address_.size());
  const auto size = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + address_.size() +
                                           (address_.front() == '\0' ? 0 : 1));
  const base::Fd fd(::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0));
  if (::sendto(fd.get(), lines.data(), lines.size(), MSG_NOSIGNAL,
               reinterpret_cast<const sockaddr*>(&address), size) >= 0) {
    return;
  }
  base::log_warn("the service manager (NOTIFY_SOCKET) can't be told \"" +
                 lines.substr(0, lines.find('\n')) + "\": " + base::errno_name(errno));
}

}  // namespace cli
