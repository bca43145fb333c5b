// Reading the ClientHello, judging the name in it, and letting the octets through or having them
// inspected.
#include "proxy/inspect/inspector.h"

#include <algorithm>
#include <utility>

#include "config/host_pattern.h"
#include "proxy/inspect/first_octets.h"
#include "proxy/permit.h"

namespace proxy::inspect {

using base::ErrorCode;
using base::Party;

net::Patience Inspector::hello_patience() const {
  const base::Millis limit = service_.config().timeouts.tls_handshake;
  return {limit, service_.tools.now() + limit};
}

net::Task<Looked> Inspector::look(after::Look what) {
  auto looking = what.origin == nullptr ? refuse_inside(std::move(what.target))
                                        : peek(std::move(what.target), std::move(what.origin));
  co_return co_await looking;
}

// Policy on a name that the client gave beside the one in its CONNECT.
base::Result<void> Inspector::permit_name(const http::Authority& target,
                                          const base::IpAddress& address) {
  const policy::Request request{service_.caller.endpoint.address, policy::Kind::kConnect, target,
                                service_.caller.identity};
  const policy::Decision before = service_.caller.runtime->policy.before_dns(request);
  const bool decided = before.verdict != policy::Verdict::kNeedsAddress;
  return permit(client_.account,
                decided && before.verdict == policy::Verdict::kDeny
                    ? before
                    : service_.caller.runtime->policy.for_address(request, address),
                service_.caller.runtime);
}

net::Task<Looked> Inspector::peek(http::Authority target,
                                  std::unique_ptr<OriginConnection> origin) {
  const bool was_peek = client_.account.connect == config::Connect::kPeek;
  auto listening = origin_speaks_first(
      client_, origin->connection, service_.tools.now() + service_.config().timeouts.tls_handshake);
  const bool server_first = co_await listening;
  if (server_first) {
    auto passing = pass_through(std::move(origin), Exemption::kNotTls);
    co_return co_await passing;
  }
  auto reading = read_hello(*client_.reader, hello_patience());
  const base::Result<Peeked> peeked = co_await reading;
  if (!peeked && peeked.error().code == ErrorCode::kTlsHandshake) {
    auto refusing = refuse(peeked.error(), Alert::kDecodeError);
    co_return co_await refusing;
  }
  if (!peeked) {
    client_.finish(peeked.error());
    co_return after::Abort{};
  }
  if (peeked->kind == Peeked::Kind::kNotTls) {
    auto passing = pass_through(std::move(origin), Exemption::kNotTls);
    co_return co_await passing;
  }
  client_.account.record.server_name = peeked->hello.server_name;
  auto inside = std::make_unique<Inside>();
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
    const std::string_view inspect_for = client_.account.inspect_for;
    const config::Connect connect = client_.account.connect;
    const base::Result<void> permitted = permit_name(inside->origin, inside->address);
    if (!permitted) {
      auto refusing = refuse(permitted.error(), Alert::kAccessDenied);
      co_return co_await refusing;
    }
    // Peeking asks what the name says; else the stricter of both names counts.
    if (client_.account.inspect_for.empty()) client_.account.inspect_for = inspect_for;
    if (!was_peek && connect == config::Connect::kInspect) client_.account.connect = connect;
  }
  // Policy said peek, and we have looked: without a reason to inspect this is an ordinary tunnel.
  if (client_.account.connect == config::Connect::kPeek)
    client_.account.connect = config::Connect::kTunnel;
  if (client_.account.connect == config::Connect::kTunnel && client_.account.inspect_for.empty()) {
    auto passing = pass_through(std::move(origin), Exemption::kNone);
    co_return co_await passing;
  }
  Exemption exemption = exemption_of(*inside);
  if (exemption == Exemption::kNone && !offers_http(alpn)) exemption = Exemption::kNotHttp;
  if (exemption != Exemption::kNone) {
    auto passing = pass_through(std::move(origin), exemption);
    co_return co_await passing;
  }
  auto peer = tls::PeerName::parse(inside->origin.host);
  if (!peer) {
    auto refusing = refuse(peer.error(), Alert::kInternalError);
    co_return co_await refusing;
  }
  inside->peer = std::move(*peer);
  inside->pool_key = reach_.secured_key(target);
  inside->fresh = std::move(origin);
  auto inspecting = inspect_tls(std::move(inside));
  co_return co_await inspecting;
}

// By name, both names have to be exempt: a client may write any name into its ClientHello.
Exemption Inspector::exemption_of(const Inside& inside) {
  const config::Tls& tls = service_.config().tls;
  const Exemption by_name = exempt_by_name(tls, inside.dialled.host);
  if (by_name != Exemption::kNone && exempt_by_name(tls, inside.origin.host) != Exemption::kNone) {
    return by_name;
  }
  Found& found = service_.tools.found;
  if (found.is_asking(inside.dialled, inside.origin, service_.tools.now()) &&
      !config::matches_any_host(tls.force, inside.origin.host)) {
    return Exemption::kClientCertificate;
  }
  if (tls.pinned == config::Uninspected::kTunnel &&
      found.was_rejected(service_.caller.endpoint.address, inside.origin.host,
                         service_.tools.now())) {
    return Exemption::kPinned;
  }
  return Exemption::kNone;
}

}  // namespace proxy::inspect
