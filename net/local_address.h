// Which addresses are this machine's own.
#pragma once

#include "base/ip.h"

namespace net {

// Whether a connection to `address` would end at this machine, as its routing has it now: addresses
// of interfaces, those that are routed here (ip-route(8), type local), and what was added since the
// last call. Asks the kernel each time, with a socket of the address's own family and nothing else,
// so that a process that may not open netlink sockets is told the truth as well. When there is no
// telling, for want of descriptors say, the answer is yes.
bool is_local_address(const base::IpAddress& address);

}  // namespace net
