// Tunnels that are not inspected after all: octets that are let through, and refusals.
#include <algorithm>
#include <utility>

#include "net/io.h"
#include "proxy/inspect/first_octets.h"
#include "proxy/inspect/inspector.h"
#include "proxy/reply.h"

namespace proxy::inspect {

using base::ErrorCode;
using base::Party;

net::Task<Looked> Inspector::refuse(base::Error error, Alert alert) {
  auto alerting = send_alert(service_, client_, std::move(error), alert);
  co_await alerting;
  co_return after::Linger{};
}

// Lets the octets through unread, or refuses where that would hide what a rule is about.
net::Task<Looked> Inspector::pass_through(std::unique_ptr<OriginConnection> origin,
                                          Exemption exemption) {
  client_.account.record.inspection = token_of(exemption);
  const std::string why(reason_of(exemption));
  if (!client_.account.inspect_for.empty()) {
    client_.account.record.verdict = policy::Verdict::kDeny;
    client_.account.record.rule = client_.account.inspect_for;
    auto refusing = refuse({ErrorCode::kDenied, Party::kClient, 0,
                            "the rule " + client_.account.record.rule +
                                " judges what is sent inside, but that is not inspected: " + why},
                           Alert::kAccessDenied);
    co_return co_await refusing;
  }
  if (exemption == Exemption::kNotTls &&
      service_.config().tls.not_tls == config::Uninspected::kRefuse) {
    base::Error error{ErrorCode::kDenied, Party::kClient, 0,
                      why +
                          " in a tunnel that is inspected; let it through with tls.not_tls: "
                          "tunnel, or by a rule with connect: tunnel"};
    if (client_.reader->buffered().empty()) {
      client_.finish(std::move(error));
      co_return after::Abort{};
    }
    // Most of them speak plain HTTP.
    auto answering = answer_in_plain(service_, client_.stream(), client_.account, error,
                                     base::status_of(ErrorCode::kDenied));
    co_await answering;
    client_.finish(std::move(error));
    co_return after::Linger{};
  }
  if (exemption == Exemption::kNotHttp &&
      service_.config().tls.not_http == config::Uninspected::kRefuse) {
    auto refusing = refuse({ErrorCode::kDenied, Party::kClient, 0,
                            why + " in a tunnel that is inspected; let it through with "
                                  "tls.not_http: tunnel, or by a rule with connect: tunnel"},
                           Alert::kNoApplicationProtocol);
    co_return co_await refusing;
  }
  // A pooled connection has TLS on it, and this client will bring its own.
  if (!origin->connection.is_plain()) {
    auto reaching = reach_.again(client_.account, origin->endpoint);
    auto reached = co_await reaching;
    if (!reached) {
      client_.finish(reached.error());
      co_return after::Abort{};
    }
    origin = std::move(*reached);
  }
  const std::string_view early = client_.reader->buffered();
  if (!early.empty()) {
    const net::Patience stall = service_.caller.patience(service_.config().timeouts.idle);
    auto sending = net::write_all(origin->connection.stream(), early, stall);
    const base::Result<void> sent = co_await sending;
    if (!sent) {
      client_.finish(sent.error());
      co_return after::Abort{};
    }
  }
  co_return after::Tunnel{std::move(origin->connection), {}};
}

// Goes on behind the 200 of a CONNECT that the account says is refused. No origin is contacted;
// every request inside gets the refusal as its answer.
net::Task<Looked> Inspector::refuse_inside(http::Authority target) {
  base::Error why = *client_.account.refusal;
  auto reading = read_hello(*client_.reader, hello_patience());
  const base::Result<Peeked> peeked = co_await reading;
  if (!peeked || peeked->kind == Peeked::Kind::kNotTls) {
    // There is nothing to tell it in.
    client_.finish(std::move(why));
    co_return after::Abort{};
  }
  const tls::ClientHello& hello = peeked->hello;
  client_.account.record.server_name = hello.server_name;
  auto inside = std::make_unique<Inside>();
  inside->dialled = target;
  inside->origin = std::move(target);
  if (!hello.server_name.empty() && hello.server_name != inside->origin.host) {
    inside->origin.host = hello.server_name;
    inside->origin.literal.reset();
  }
  if (std::find(hello.alpn.begin(), hello.alpn.end(), kAlpnHttp2) != hello.alpn.end()) {
    inside->offer = http::Protocol::kHttp2;
  }
  auto peer = tls::PeerName::parse(inside->origin.host);
  const bool exempt =
      exempt_by_name(service_.config().tls, inside->origin.host) != Exemption::kNone ||
      exemption_of(*inside) != Exemption::kNone;
  if (!peer || exempt || !offers_http(hello.alpn)) {
    auto refusing = refuse(std::move(why), Alert::kAccessDenied);
    co_return co_await refusing;
  }
  inside->peer = std::move(*peer);
  inside->refusal = Refusal{std::move(why),
                            tls::Fault::kNone,
                            std::nullopt,
                            client_.account.record.verdict,
                            client_.account.record.rule,
                            client_.account.next_step};
  client_.account.record.inspection = "inspected";
  auto meeting = meet_client(std::move(inside));
  co_return co_await meeting;
}

}  // namespace proxy::inspect
