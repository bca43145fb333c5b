// Listening sockets that another process opened and handed over: the proxy before an upgrade, or a
// service manager (socket activation).
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/ip.h"
#include "base/result.h"
#include "net/listener.h"

namespace net {

// A listening socket on its way to another process. `role` says what is spoken there, in the words
// of whoever listens; it may be anything where a service manager names it.
struct HandedSocket {
  int fd = -1;
  std::string role;
};

class InheritedSockets {
 public:
  InheritedSockets() = default;
  // Takes the descriptors over. Fails (proxy) with kIo when one is no TCP socket that listens; all
  // are closed then.
  static base::Result<InheritedSockets> adopt(const std::vector<HandedSocket>& handed);

  // The sockets of `endpoint`, of which there may be several (SO_REUSEPORT), none, or, for port 0,
  // those of the first port of that address and role. A socket is taken once.
  std::vector<ListeningSocket> take(const base::Endpoint& endpoint, std::string_view role);
  // Closes what nobody took, and returns where it listened.
  std::vector<base::Endpoint> close_rest();

 private:
  struct Entry {
    ListeningSocket socket;
    std::string role;
  };
  std::vector<Entry> entries_;
};

}  // namespace net
