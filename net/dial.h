// Opening a TCP connection to one endpoint.
//
// `display_name` is the destination as the client named it, with its port ("example.com:443"). It
// is all that error sentences say of the destination: they reach the client, who must not learn
// which address a name has for the proxy.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "base/clock.h"
#include "base/ip.h"
#include "base/result.h"
#include "net/loop.h"
#include "net/socket.h"
#include "net/task.h"

namespace net {

// Connects to `endpoint` and to nothing else. Fails with kConnectRefused, kConnectUnreachable,
// kConnectTimeout (also at `deadline`), kConnectFailed, or kNoDescriptors (party: proxy).
Task<base::Result<std::unique_ptr<Socket>>> dial(Loop& loop, base::Endpoint endpoint,
                                                 std::string display_name, base::Instant deadline);

// The steps of a dial, for whoever has several under way. First: a socket that is connecting; wait
// until it is ready to write. Small writes go out at once (TCP_NODELAY). Keep-alive probes are for
// whoever keeps the connection to ask for (Socket::keep_alive): short tunnels need none.
base::Result<std::unique_ptr<Socket>> begin_connect(Loop& loop, const base::Endpoint& endpoint,
                                                    const std::string& display_name);

// Second: what has become of it. nullopt while it is still connecting. The peer is compared with
// `endpoint`: what policy has checked is what the bytes go to.
std::optional<base::Result<void>> connect_outcome(Socket& socket, const base::Endpoint& endpoint,
                                                  const std::string& display_name);

// kConnectTimeout, for when the deadline has passed.
base::Error connect_timeout(const std::string& display_name);

}  // namespace net
