// A tunnel that may be looked into: read the ClientHello, judge the name in it, and let the octets
// through or have them inspected.
#include <algorithm>

#include "config/host_pattern.h"
#include "net/io.h"
#include "proxy/session.h"
#include "proxy/worker.h"

namespace proxy {

using base::ErrorCode;
using base::Party;
using inspect::Exemption;

// Policy on a name that the client gave beside the one in its CONNECT.
base::Result<void> Session::permit_name(const http::Authority& target,
                                        const base::IpAddress& address) {
  const policy::Request request{caller_.endpoint.address, policy::Kind::kConnect, target,
                                caller_.identity};
  const policy::Decision before = caller_.runtime->policy.before_dns(request);
  const bool decided = before.verdict != policy::Verdict::kNeedsAddress;
  return permit(account_, decided && before.verdict == policy::Verdict::kDeny
                              ? before
                              : caller_.runtime->policy.for_address(request, address));
}

net::Task<Session::Next> Session::peek(http::Authority target,
                                       std::unique_ptr<OriginConnection> origin) {
  const bool was_peek = account_.connect == config::Connect::kPeek;
  auto listening = origin_speaks_first(origin->connection,
                                       now() + caller_.runtime->config.timeouts.tls_handshake);
  const bool server_first = co_await listening;
  if (server_first) {
    auto passing = pass_through(std::move(origin), Exemption::kNotTls);
    co_return co_await passing;
  }
  auto reading = read_hello();
  const base::Result<inspect::Peeked> peeked = co_await reading;
  if (!peeked && peeked.error().code == ErrorCode::kTlsHandshake) {
    auto refusing = refuse_hello(peeked.error(), Alert::kDecodeError);
    co_return co_await refusing;
  }
  if (!peeked) {
    finish(peeked.error());
    co_return Next::kAbort;
  }
  if (peeked->kind == inspect::Peeked::Kind::kNotTls) {
    auto passing = pass_through(std::move(origin), Exemption::kNotTls);
    co_return co_await passing;
  }
  account_.record.server_name = peeked->hello.server_name;
  auto inside = std::make_unique<inspect::Inside>();
  inside->dialled = target;
  inside->origin = target;
  inside->address = origin->endpoint.address;
  const std::vector<std::string>& alpn = peeked->hello.alpn;
  // What the client doesn't offer the origin isn't asked for: what is only there in one version,
  // as Upgrade is, must work.
  if (std::find(alpn.begin(), alpn.end(), kAlpnHttp2) != alpn.end()) {
    inside->offer = http::Protocol::kHttp2;
  }
  if (!peeked->hello.server_name.empty() && peeked->hello.server_name != target.host) {
    inside->origin.host = peeked->hello.server_name;
    inside->origin.literal.reset();
    const std::string_view inspect_for = account_.inspect_for;
    const config::Connect connect = account_.connect;
    const base::Result<void> permitted = permit_name(inside->origin, inside->address);
    if (!permitted) {
      auto refusing = refuse_hello(permitted.error(), Alert::kAccessDenied);
      co_return co_await refusing;
    }
    // Peeking asks what the name says; else the stricter of both names counts.
    if (account_.inspect_for.empty()) account_.inspect_for = inspect_for;
    if (!was_peek && connect == config::Connect::kInspect) account_.connect = connect;
  }
  // Policy said peek, and we have looked: without a reason to inspect this is an ordinary tunnel.
  if (account_.connect == config::Connect::kPeek) account_.connect = config::Connect::kTunnel;
  if (account_.connect == config::Connect::kTunnel && account_.inspect_for.empty()) {
    auto passing = pass_through(std::move(origin), Exemption::kNone);
    co_return co_await passing;
  }
  Exemption exemption = exemption_of(*inside);
  if (exemption == Exemption::kNone && !inspect::offers_http(alpn)) exemption = Exemption::kNotHttp;
  if (exemption != Exemption::kNone) {
    auto passing = pass_through(std::move(origin), exemption);
    co_return co_await passing;
  }
  auto peer = tls::PeerName::parse(inside->origin.host);
  if (!peer) {
    auto refusing = refuse_hello(peer.error(), Alert::kInternalError);
    co_return co_await refusing;
  }
  inside->peer = std::move(*peer);
  inside->pool_key = pool_key(target);
  inside->fresh = std::move(origin);
  auto inspecting = inspect_tls(std::move(inside));
  co_return co_await inspecting;
}

// By name, both names have to be exempt: a client may write any name into its ClientHello.
Exemption Session::exemption_of(const inspect::Inside& inside) {
  const config::Tls& tls = caller_.runtime->config.tls;
  const Exemption by_name = inspect::exempt_by_name(tls, inside.dialled.host);
  if (by_name != Exemption::kNone &&
      inspect::exempt_by_name(tls, inside.origin.host) != Exemption::kNone) {
    return by_name;
  }
  inspect::Found& found = worker_.shared().found;
  if (found.is_asking(inside.dialled, inside.origin, now()) &&
      !config::matches_any_host(tls.force, inside.origin.host)) {
    return Exemption::kClientCertificate;
  }
  if (tls.pinned == config::Uninspected::kTunnel &&
      found.was_rejected(caller_.endpoint.address, inside.origin.host, now())) {
    return Exemption::kPinned;
  }
  return Exemption::kNone;
}

// After the 200 there is no status to refuse with, but a client that waits for a ServerHello
// understands an alert.
net::Task<Session::Next> Session::refuse_hello(base::Error error, Alert alert) {
  std::string record("\x15\x03\x01\x00\x02\x02", 6);  // fatal
  record += static_cast<char>(alert);
  auto writing = net::write_all(client_.stream(), record,
                                caller_.patience(caller_.runtime->config.timeouts.idle));
  const base::Result<void> written = co_await writing;
  if (written) account_.record.bytes_out += record.size();
  finish(std::move(error));
  co_return Next::kClose;
}

// Lets the octets through unread, or refuses where that would hide what a rule is about.
net::Task<Session::Next> Session::pass_through(std::unique_ptr<OriginConnection> origin,
                                               Exemption exemption) {
  account_.record.inspection = inspect::token_of(exemption);
  const std::string why(inspect::reason_of(exemption));
  if (!account_.inspect_for.empty()) {
    account_.record.verdict = policy::Verdict::kDeny;
    account_.record.rule = account_.inspect_for;
    auto refusing =
        refuse_hello({ErrorCode::kDenied, Party::kClient, 0,
                      "the rule " + account_.record.rule +
                          " judges what is sent inside, but that is not inspected: " + why},
                     Alert::kAccessDenied);
    co_return co_await refusing;
  }
  if (exemption == Exemption::kNotTls &&
      caller_.runtime->config.tls.not_tls == config::Uninspected::kRefuse) {
    base::Error error{ErrorCode::kDenied, Party::kClient, 0,
                      why +
                          " in a tunnel that is inspected; let it through with tls.not_tls: "
                          "tunnel, or by a rule with connect: tunnel"};
    if (reader_->buffered().empty()) {
      finish(std::move(error));
      co_return Next::kAbort;
    }
    // Most of them speak plain HTTP.
    auto answering =
        answer_in_plain(client_.stream(), std::move(error), base::status_of(ErrorCode::kDenied));
    co_await answering;
    co_return Next::kGone;
  }
  if (exemption == Exemption::kNotHttp &&
      caller_.runtime->config.tls.not_http == config::Uninspected::kRefuse) {
    auto refusing = refuse_hello({ErrorCode::kDenied, Party::kClient, 0,
                                  why + " in a tunnel that is inspected; let it through with "
                                        "tls.not_http: tunnel, or by a rule with connect: tunnel"},
                                 Alert::kNoApplicationProtocol);
    co_return co_await refusing;
  }
  // A pooled connection has TLS on it, and this client will bring its own.
  if (!origin->connection.is_plain()) {
    auto reaching = reach_again(account_, origin->endpoint);
    auto reached = co_await reaching;
    if (!reached) {
      finish(reached.error());
      co_return Next::kAbort;
    }
    origin = std::move(*reached);
  }
  const std::string_view early = reader_->buffered();
  if (!early.empty()) {
    const net::Patience stall = caller_.patience(caller_.runtime->config.timeouts.idle);
    auto sending = net::write_all(origin->connection.stream(), early, stall);
    const base::Result<void> sent = co_await sending;
    if (!sent) {
      finish(sent.error());
      co_return Next::kAbort;
    }
  }
  prepare_tunnel(std::move(origin->connection));
  co_return Next::kTunnel;
}

}  // namespace proxy
