// A network of this process's own, where every address is this machine's and nothing leaves.
#pragma once

#include <map>
#include <string>

#include "base/ip.h"
#include "base/result.h"

namespace check {

// Moves the calling process, which must have one thread, into new network and mount namespaces (and
// a user namespace when it is not root): loopback is up, every IPv4 and, where the kernel has it,
// IPv6 address is local, and /etc/hosts holds `hosts` alone. There is no way back. Fails (proxy)
// with kIo where namespaces are not allowed.
base::Result<void> enter_sandbox(const std::map<std::string, base::IpAddress>& hosts);

}  // namespace check
