// TLS between client and proxy, before the first request (listeners of tls.listen).
#include <chrono>
#include <utility>

#include "proxy/entrance.h"
#include "proxy/http1_client.h"
#include "proxy/reply.h"
#include "tls/explain.h"
#include "tls/handshake.h"
#include "tls/server.h"
#include "tls/stream.h"

namespace proxy {

// Next where requests may come.
net::Task<After> Entrance::secure() {
  const Service& service = service_;
  ClientConnection& client = parts_.client;
  const std::uint32_t most = service.config().limits.handshakes_per_second;
  if (most != 0 &&
      !service.tools.admission.allows(service.neighbour.key(), Admission::Deed::kHandshake, most,
                                      service.tools.now())) {
    auto refusing =
        refuse_handshake({base::ErrorCode::kTooManyPerClient, base::Party::kProxy, 0,
                          "this client makes more than " + std::to_string(most) +
                              " TLS handshakes a second (limits.handshakes_per_second)"},
                         Alert::kInternalError);
    co_return co_await refusing;
  }
  auto made = service.runtime().tls->listener->make_stream(client.connection.lend());
  if (!made) {
    client.account = exchanges_.open_next();
    client.finish(made.error());
    co_return after::Gone{};
  }
  tls::TlsStream& stream = **made;
  client.connection.cover(std::move(*made));
  const base::Instant began = base::steady_now();
  auto shaking =
      tls::handshake(stream, service.tools.now() + service.config().timeouts.tls_handshake);
  const tls::HandshakeOutcome outcome = co_await shaking;
  if (outcome.info) {
    auto greeting = greet(outcome);
    co_return co_await greeting;
  }
  // Health probes connect and close: nobody is waiting for anything.
  if (stream.first_octets().empty() && outcome.fault == tls::Fault::kHandshakeEof) {
    co_return after::Gone{};
  }
  client.account = exchanges_.open_next();
  client.account.record.phases.tls =
      std::chrono::duration_cast<std::chrono::microseconds>(base::steady_now() - began);
  client.account.record.tls_reason = tls::token_of(outcome.fault);
  if (!tls::not_tls(stream.first_octets()).empty()) {
    client.account.next_step =
        "write the proxy's URL with https://, or use its port for plain HTTP";
    auto answering =
        answer_in_plain(service, stream.below(), client.account, outcome.info.error(), 400);
    co_await answering;
  }
  client.finish(outcome.info.error());
  co_return after::Linger{};
}

net::Task<After> Entrance::refuse_handshake(base::Error error, Alert alert) {
  parts_.client.account = exchanges_.open_next();
  auto alerting = send_alert(service_, parts_.client, std::move(error), alert);
  co_await alerting;
  co_return after::Linger{};
}

// The client is who its certificate says, and its session may be more than that one may have.
net::Task<After> Entrance::greet(const tls::HandshakeOutcome& outcome) {
  ClientConnection& client = parts_.client;
  client.read_anew(service_.tools.now());
  client.protocol = protocol_of(outcome.info->alpn);
  parts_.caller.identity = outcome.info->client_identity;
  auto refused = become_named();
  if (!refused) {
    if (client.protocol == http::Protocol::kHttp2) {
      auto awaiting = await_version();
      co_await awaiting;
    }
    co_return after::Next{};
  }
  client.account = exchanges_.open_next();
  if (client.protocol == http::Protocol::kHttp1) {
    Http1Client end(client.account, client.connection, *client.reader,
                    service_.runtime().http_limits);
    auto sending = send_error(service_, end, *refused, http::Persistence::kClose);
    co_await sending;
    end.count();
  }
  client.finish(std::move(refused));
  co_return after::Linger{};
}

// A client that has told its name is another one than all others at its address, from now on. The
// error says why it may not have this session.
std::optional<base::Error> Entrance::become_named() {
  const Caller& caller = parts_.caller;
  if (caller.identity.empty()) return std::nullopt;
  Tools& tools = service_.tools;
  const std::string key = client_key(caller.endpoint.address, caller.identity);
  auto refusal = tools.doorkeeper.rename(caller.endpoint.address, parts_.neighbour.key(), key);
  parts_.neighbour = tools.neighbours.seat(key);
  return refusal;
}

// Go's client takes an offered h2, and then writes "CONNECT … HTTP/1.1" all the same. A client of
// HTTP/2 begins with its preface and need not see ours before (RFC 9113 §3.4), so ours waits until
// it is known which it is.
net::Task<void> Entrance::await_version() {
  constexpr std::string_view kPreface = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";
  ClientConnection& client = parts_.client;
  const base::Millis limit = service_.config().timeouts.head;
  const net::Patience until{limit, client.head_from + limit};
  for (;;) {
    const std::string_view seen = client.reader->buffered();
    if (seen.substr(0, kPreface.size()) != kPreface.substr(0, seen.size())) {
      client.protocol = http::Protocol::kHttp1;
      co_return;
    }
    if (seen.size() >= kPreface.size()) co_return;
    auto filling = client.reader->fill(until);
    const base::Result<size_t> filled = co_await filling;
    if (!filled || *filled == 0) co_return;
  }
}

}  // namespace proxy
