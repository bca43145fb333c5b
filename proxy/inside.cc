// Requests in an inspected connection: whom they are for is settled, and each is judged by its
// method and path.
#include <chrono>

#include "net/io.h"
#include "proxy/session.h"
#include "proxy/worker.h"
#include "tls/client.h"

namespace proxy {

using std::chrono::duration_cast;
using std::chrono::microseconds;

// Of the present configuration; where that inspects nothing, of the one from before, under which
// the client was shown its certificate.
const tls::ClientContext& Session::origin_context(http::Protocol offer) const {
  const auto which = static_cast<size_t>(offer);
  const auto& present = caller_.runtime->tls->origins[which];
  return present != nullptr || inside_ == nullptr ? *present
                                                  : *inside_->runtime->tls->origins[which];
}

// Puts TLS on the connection, and offers the origin to speak `offer` at best. Verification is the
// context's business and has no switch. It may resume a session of the same `key`.
net::Task<tls::HandshakeOutcome> Session::meet_origin(Account& account, OriginConnection& origin,
                                                      const tls::PeerName& peer, std::string key,
                                                      http::Protocol offer) {
  const base::Instant began = base::steady_now();
  const auto& context = origin_context(offer);
  if (offer == http::Protocol::kHttp2) key += " h2";
  auto made = context.make_stream(origin.connection.lend(), peer, {&worker_.tls_sessions(), key});
  if (!made) co_return tls::HandshakeOutcome{base::fail(made.error()), tls::Fault::kOther, {}};
  tls::TlsStream& stream = **made;
  origin.connection.cover(std::move(*made));
  auto shaking = tls::handshake(stream, now() + caller_.runtime->config.timeouts.tls_handshake);
  tls::HandshakeOutcome outcome = co_await shaking;
  account.record.phases.tls += duration_cast<microseconds>(base::steady_now() - began);
  if (outcome.info) {
    origin.secured = OriginConnection::Secured{
        peer, {outcome.peer->not_before, outcome.peer->not_after}, protocol_of(outcome.info->alpn)};
  } else {
    admin::bump(worker_.counters().origin_tls_failures);
  }
  co_return outcome;
}

// Whether the request is served at all.
base::Result<void> Session::judge_inside(Account& account, const http::Target& target) {
  account.record.inspection = "inspected";
  account.record.server_name = inside_->origin.host;
  if (inside_->refusal) {
    const inspect::Refusal& refusal = *inside_->refusal;
    account.record.verdict = refusal.verdict;
    account.record.rule = refusal.rule;
    account.next_step = refusal.next_step;
    if (refusal.fault != tls::Fault::kNone)
      account.record.tls_reason = tls::token_of(refusal.fault);
    return base::fail(refusal.error);
  }
  const policy::Decision before =
      caller_.runtime->policy.before_dns(inner_request(account, target));
  if (before.verdict == policy::Verdict::kDeny) return permit(account, before);
  return judge_address(account, target, inside_->address);
}

policy::Request Session::inner_request(const Account& account, const http::Target& target) const {
  return {caller_.endpoint.address, policy::Kind::kInspected, target.authority,
          caller_.identity,         account.record.method,    target.path_and_query};
}

// Whether this request may go to `address`. Others of the connection may have gone elsewhere.
base::Result<void> Session::judge_address(Account& account, const http::Target& target,
                                          const base::IpAddress& address) {
  return permit(account,
                caller_.runtime->policy.for_address(inner_request(account, target), address));
}

// The connection from the CONNECT, or one that an earlier request has left.
std::unique_ptr<OriginConnection> Session::pooled_for_inside(Account& account,
                                                             const http::Target& target) {
  // Those of the name that are allowed; the others stay for requests that are.
  const auto fits = [&](const OriginConnection& kept) {
    if (!kept.secured || kept.secured->peer != inside_->peer) return false;
    const base::IpAddress& address = kept.endpoint.address;
    if (address == inside_->address) return true;
    const auto decision =
        caller_.runtime->policy.for_address(inner_request(account, target), address);
    return policy::lets_through(decision.verdict);
  };
  auto origin = inside_->fresh != nullptr && fits(*inside_->fresh)
                    ? std::move(inside_->fresh)
                    : take_pooled(account, inside_->pool_key, fits);
  if (origin == nullptr) return nullptr;
  const base::IpAddress address = origin->endpoint.address;
  if (address != inside_->address && !judge_address(account, target, address)) return nullptr;
  inside_->address = address;
  account.record.origin = origin->endpoint;
  return origin;
}

// A new connection to the origin with TLS on it; policy judges its CONNECT again. Whether a request
// may go there is judged when it does.
net::Task<base::Result<std::unique_ptr<OriginConnection>>> Session::dial_inside(Account& dialling) {
  auto reaching = reach(dialling, inside_->dialled, policy::Kind::kConnect);
  auto reached = co_await reaching;
  if (!reached) co_return reached;
  inside_->address = (*reached)->endpoint.address;
  auto meeting = meet_origin(dialling, **reached, inside_->peer, inside_->pool_key, inside_->offer);
  tls::HandshakeOutcome outcome = co_await meeting;
  if (!outcome.info) {
    dialling.record.tls_reason = tls::token_of(outcome.fault);
    co_return base::fail(outcome.info.error());
  }
  co_return reached;
}

}  // namespace proxy
