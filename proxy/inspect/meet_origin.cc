#include "proxy/inspect/meet_origin.h"

#include <chrono>
#include <string>
#include <utility>

#include "tls/stream.h"

namespace proxy::inspect {

net::Task<tls::HandshakeOutcome> meet_origin(const Service& service,
                                             const tls::ClientContext& context, Account& account,
                                             OriginConnection& origin, const Inside& inside) {
  const base::Instant began = base::steady_now();
  Tools& tools = service.tools;
  std::string key = inside.pool_key;
  if (inside.offer == http::Protocol::kHttp2) key += " h2";
  auto made =
      context.make_stream(origin.connection.lend(), inside.peer, {&tools.tls_sessions, key});
  if (!made) co_return tls::HandshakeOutcome{base::fail(made.error()), tls::Fault::kOther, {}};
  tls::TlsStream& stream = **made;
  origin.connection.cover(std::move(*made));
  auto shaking = tls::handshake(stream, tools.now() + service.config().timeouts.tls_handshake);
  tls::HandshakeOutcome outcome = co_await shaking;
  account.record.phases.tls +=
      std::chrono::duration_cast<std::chrono::microseconds>(base::steady_now() - began);
  if (outcome.info) {
    origin.secured = OriginConnection::Secured{inside.peer,
                                               {outcome.peer->not_before, outcome.peer->not_after},
                                               protocol_of(outcome.info->alpn)};
  } else {
    admin::bump(tools.metrics.origin_tls_failures);
  }
  co_return outcome;
}

}  // namespace proxy::inspect
