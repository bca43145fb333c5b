// TLS with an origin that is inspected.
#pragma once

#include "net/task.h"
#include "proxy/account.h"
#include "proxy/inspect/inside.h"
#include "proxy/origin_pool.h"
#include "proxy/service.h"
#include "tls/client.h"
#include "tls/handshake.h"

namespace proxy::inspect {

// Puts TLS on the connection, and offers the origin to speak `inside.offer` at best. Verification
// is the context's business and has no switch. It may resume a session of the same key. Everything
// referred to outlives the task.
net::Task<tls::HandshakeOutcome> meet_origin(const Service& service,
                                             const tls::ClientContext& context, Account& account,
                                             OriginConnection& origin, const Inside& inside);

}  // namespace proxy::inspect
