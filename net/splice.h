// Moving octets between sockets and pipes inside the kernel, without copying them (splice(2)).
#pragma once

#include "net/pipe_pool.h"
#include "net/socket.h"
#include "net/stream.h"

namespace net {

// Moves what `from` has into the empty `pipe`. kEof means the end or urgent data: read to know.
// kError with EINVAL where the kernel can't splice from such a socket: copy instead.
IoResult splice_in(Socket& from, Pipe& pipe);

// Moves what `pipe` holds to `to`, as much as that takes. Unlike send(2) it can't be told not to
// raise SIGPIPE, which programs that relay must ignore.
IoResult splice_out(Pipe& pipe, Socket& to);

}  // namespace net
