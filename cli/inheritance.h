// What a process gets from the one that started it: listening sockets that are open already, from
// the proxy before an upgrade (cli/upgrade.h) or from a service manager (sd_listen_fds(3)).
#pragma once

#include <string>
#include <vector>

#include "base/fd.h"
#include "base/result.h"
#include "net/inherited_sockets.h"

namespace cli {

struct Inheritance {
  net::InheritedSockets sockets;
  base::Fd predecessor;  // the channel to the proxy before an upgrade; none otherwise
};

// Reads the environment, and removes from it what was for this process alone. Fails (proxy) when
// what is handed over is of no use.
base::Result<Inheritance> take_inheritance();

// The name of the variable by which a proxy hands over to its successor.
inline constexpr const char* kHandoverVariable = "SLUICE_HANDOVER";
// Its value, "CHANNEL;FD:ROLE;FD:ROLE", and what is read of it. Fails (proxy) with kBadRequest.
std::string format_handover(int channel, const std::vector<net::HandedSocket>& sockets);
struct Handover {
  int channel = -1;
  std::vector<net::HandedSocket> sockets;
};
base::Result<Handover> parse_handover(std::string_view value);

}  // namespace cli
