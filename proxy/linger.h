// How a connection is closed so that the client hears what was said last.
#pragma once

#include <cstdint>

#include "net/loop.h"
#include "net/task.h"
#include "proxy/connection.h"

namespace proxy {

enum class LingerTime : std::uint8_t {
  kUsual,
  // Of a connection that was refused before it asked for anything, which may be one of many over a
  // limit, and of a client that has had its time.
  kBrief,
};

// Sends FIN, reads on and throws it away: a client may still be sending when it is refused, and
// closing then would make the kernel send a reset, which can overtake the reply (RFC 9112 §9.6).
// Loop and client outlive the task.
net::Task<void> linger(net::Loop& loop, Connection& client, LingerTime time);

}  // namespace proxy
