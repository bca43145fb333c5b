// What a service manager is told, by the protocol of sd_notify(3): a datagram of lines to the
// socket that NOTIFY_SOCKET names. Without that variable nobody is told anything.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <string>
#include <string_view>

#include "base/fd.h"

namespace cli {

class ServiceManager {
 public:
  // Reads NOTIFY_SOCKET, WATCHDOG_USEC and WATCHDOG_PID.
  ServiceManager();

  void ready(std::string_view status) const;
  void reloading() const;  // `ready` says that it is over
  void stopping() const;
  void alive() const;
  // Another process is the service from now on.
  void main_process(pid_t process) const;

  // How often it expects to hear `alive`, at least; 0 where it does not.
  std::chrono::milliseconds watchdog() const { return watchdog_; }

 private:
  void say(const std::string& lines) const;

  std::string address_;  // "" where there is none; an abstract one begins with a NUL
  std::chrono::milliseconds watchdog_{0};
};

}  // namespace cli
