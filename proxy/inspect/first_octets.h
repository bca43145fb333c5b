// Waiting for a tunnel's first octets, and reading the ClientHello in them.
#pragma once

#include "base/clock.h"
#include "base/result.h"
#include "http1/message_reader.h"
#include "net/io.h"
#include "net/task.h"
#include "proxy/client_connection.h"
#include "proxy/connection.h"
#include "proxy/inspect/peeked.h"

namespace proxy::inspect {

// True as soon as the origin has said something while the client has said nothing: the protocol is
// one in which the server speaks first (SMTP, SSH, MySQL), so it is no TLS. False once the client
// speaks, or ends, or `deadline` has come. Both outlive the task.
net::Task<bool> origin_speaks_first(ClientConnection& client, Connection& origin,
                                    base::Instant deadline);

// Everything that was read stays in the reader, which outlives the task. Fails (client) with
// kTlsHandshake when it is TLS and no ClientHello, or when that does not come whole.
net::Task<base::Result<Peeked>> read_hello(http1::MessageReader& reader, net::Patience patience);

}  // namespace proxy::inspect
