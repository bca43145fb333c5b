// The two handshakes of an inspected tunnel, the origin's first, and what becomes of a client that
// does not believe ours.
#include <chrono>

#include "base/log.h"
#include "config/host_pattern.h"
#include "proxy/session.h"
#include "proxy/worker.h"
#include "tls/replay_stream.h"

namespace proxy {
namespace {

using inspect::Exemption;
using std::chrono::duration_cast;
using std::chrono::microseconds;

// How long the certificate of an error page is valid.
constexpr std::chrono::hours kPageValidity{1};

// Idle connections to origins that one client connection may have for itself.
constexpr std::uint32_t kMaxOwnOrigins = 4;

// Alerts with which a client says that it does not believe our certificate (RFC 8446 §6.2).
bool rejects_our_certificate(const tls::TlsStream::Failure& failure) {
  constexpr int kBadCertificate = 42;
  constexpr int kCertificateUnknown = 46;
  constexpr int kUnknownCa = 48;
  // Some clients say nothing: they close once they have seen it.
  return failure.alert == kBadCertificate || failure.alert == kCertificateUnknown ||
         failure.alert == kUnknownCa || failure.fault == tls::Fault::kHandshakeEof;
}

// Whether the client has hung up, which looks later as if it did not like what it was shown.
bool has_hung_up(net::Carrier& client) {
  const net::IoResult::Kind there = client.peek().kind;
  return there == net::IoResult::Kind::kEof || there == net::IoResult::Kind::kError;
}

// What the client is shown. Nothing for an unverified origin comes into the cache, and there is no
// cache when a reload has taken the CA away: a session lives by what it began with.
base::Result<std::shared_ptr<const tls::Leaf>> leaf_for(const inspect::Inside& inside,
                                                        const tls::LeafIssuer& issuer,
                                                        tls::LeafCache* cache) {
  const base::WallTime now = base::wall_now();
  if (inside.refusal) return issuer.issue(inside.peer, {.until = now + kPageValidity}, now);
  const tls::Validity& origin = inside.fresh->secured->validity;
  return cache != nullptr ? cache->leaf_for(inside.peer, origin, now)
                          : issuer.issue(inside.peer, origin, now);
}

}  // namespace

// Origin first: the client gets a certificate for it only once the origin's has been verified.
net::Task<Session::Next> Session::inspect_tls(std::unique_ptr<inspect::Inside> inside) {
  account_.record.inspection = "inspected";
  if (inside->fresh->secured && inside->fresh->secured->peer != inside->peer) {
    // The pooled one is another name's. Where it goes has been judged, for both names.
    const base::Endpoint endpoint = inside->fresh->endpoint;
    pool(inside->pool_key, std::move(inside->fresh));
    const auto goes_there = [&](const OriginConnection& kept) {
      return kept.endpoint == endpoint && kept.secured && kept.secured->peer == inside->peer;
    };
    inside->fresh = worker_.origins().take(inside->pool_key, caller_.runtime.get(), goes_there);
    if (inside->fresh == nullptr) {
      auto reaching = reach_again(account_, endpoint);
      auto reached = co_await reaching;
      if (!reached) {
        finish(reached.error());
        co_return Next::kAbort;
      }
      inside->fresh = std::move(*reached);
    }
    inside->address = inside->fresh->endpoint.address;
  }
  if (!inside->fresh->secured) {
    auto meeting =
        meet_origin(account_, *inside->fresh, inside->peer, inside->pool_key, inside->offer);
    tls::HandshakeOutcome outcome = co_await meeting;
    const bool asks = outcome.fault == tls::Fault::kClientCertificateRequested ||
                      (outcome.info && outcome.info->client_certificate_requested);
    if (asks && !config::matches_any_host(caller_.runtime->config.tls.force, inside->origin.host)) {
      worker_.shared().found.note_asking(inside->dialled, inside->origin, now(),
                                         now() + caller_.runtime->config.tls.exempt_for);
      auto passing = pass_through(std::move(inside->fresh), Exemption::kClientCertificate);
      co_return co_await passing;
    }
    if (!outcome.info) {
      account_.record.tls_reason = tls::token_of(outcome.fault);
      inside->fresh.reset();
      inside->refusal =
          inspect::Refusal{outcome.info.error(),    outcome.fault,        outcome.peer,
                           account_.record.verdict, account_.record.rule, account_.next_step};
    }
  }
  auto meeting = meet_client(std::move(inside));
  co_return co_await meeting;
}

net::Task<Session::Next> Session::meet_client(std::unique_ptr<inspect::Inside> inside) {
  if (has_hung_up(client_.carrier())) {
    finish(base::Error{base::ErrorCode::kClientClosed, base::Party::kClient, 0,
                       "the client closed the connection before it was shown a certificate"});
    co_return Next::kGone;
  }
  auto leaf = leaf_for(*inside, *caller_.runtime->tls->issuer, worker_.leaves());
  if (!leaf) {
    auto refusing = refuse_hello(leaf.error(), Alert::kInternalError);
    co_return co_await refusing;
  }
  std::string hello(reader_->buffered());
  account_.record.bytes_in += reader_->take_received();
  reader_.reset();
  auto replay = std::make_unique<tls::ReplayStream>(std::move(hello), client_.lend());
  auto made = caller_.runtime->tls->leaves->make_stream(std::move(replay), **leaf);
  if (!made) {
    finish(made.error());
    co_return Next::kGone;  // with what lay below
  }
  tls::TlsStream& stream = **made;
  client_.cover(std::move(*made));
  const base::Instant began = base::steady_now();
  auto shaking = tls::handshake(stream, now() + caller_.runtime->config.timeouts.tls_handshake);
  const tls::HandshakeOutcome outcome = co_await shaking;
  account_.record.phases.tls += duration_cast<microseconds>(base::steady_now() - began);
  if (!outcome.info) co_return lose_client(stream, outcome.info.error(), inside->origin.host);
  reader_ = std::make_unique<http1::MessageReader>(stream);
  protocol_ = protocol_of(outcome.info->alpn);
  // A fault of the origin is told inside; here it is what became of the CONNECT.
  finish(inside->refusal ? std::optional<base::Error>(inside->refusal->error) : std::nullopt);
  inside->runtime = caller_.runtime;
  inside_ = std::move(inside);
  head_from_ = now();
  await_first_head_ = true;
  admin::bump(worker_.counters().inspected);
  co_return Next::kKeepAlive;
}

// The client did not finish its handshake. One that does not believe our certificate is remembered.
Session::Next Session::lose_client(const tls::TlsStream& stream, base::Error error,
                                   const std::string& name) {
  if (stream.failure() != nullptr && rejects_our_certificate(*stream.failure())) {
    admin::bump(worker_.counters().inspections_rejected);
    const base::IpAddress& client = caller_.endpoint.address;
    // The names are of the client's choice, and so is their number; /inspection has them.
    if (worker_.shared().found.note_rejection(client, name, now(),
                                              now() + caller_.runtime->config.tls.exempt_for) &&
        worker_.shared().rejection_warnings.take(client_key(), now())) {
      base::log_warn("client " + client.unmapped().to_string() + " rejects the inspection CA for " +
                     name +
                     ": give it the CA (sluice ca install), or list the name in tls.passthrough");
    }
  }
  finish(std::move(error));
  return Next::kClose;
}

std::string Session::pool_key(const http::Authority& dialled) const {
  return "tls " + dialled.to_string() + " " + caller_.endpoint.address.to_string() + " " +
         caller_.identity;
}

void Session::pool(const std::string& key, std::unique_ptr<OriginConnection> connection) {
  connection->place.leave();
  // One of an older configuration would be found by nobody, or wrongly.
  if (connection->runtime != caller_.runtime) return;
  const config::Limits& limits = caller_.runtime->config.limits;
  OriginPool::Limits kept{limits.pool_per_origin, limits.pool_total,
                          caller_.runtime->config.timeouts.origin_idle};
  if (connection->sharing == OriginConnection::Sharing::kAnyClient) {
    return worker_.origins().put(key, caller_.runtime.get(), std::move(connection), kept);
  }
  kept.per_origin = std::min(kept.per_origin, kMaxOwnOrigins);
  kept.total = std::min(kept.total, kMaxOwnOrigins);
  if (own_origins_ == nullptr) {
    own_origins_ = std::make_unique<OriginPool>(worker_.loop(), worker_.counters());
  }
  own_origins_->put(key, caller_.runtime.get(), std::move(connection), kept);
}

// A connection of this client to that origin that has TLS on it already. The name that the client
// will ask for is not known yet; nearly always it is the one it asked for last.
std::unique_ptr<OriginConnection> Session::pooled_inside(Account& account,
                                                         const http::Authority& dialled) {
  const policy::Request request{caller_.endpoint.address, policy::Kind::kConnect, dialled,
                                caller_.identity};
  const policy::Decision by_name = caller_.runtime->policy.before_dns(request);
  if (by_name.verdict == policy::Verdict::kDeny) return nullptr;
  policy::Decision decision;
  auto connection = worker_.origins().take(
      pool_key(dialled), caller_.runtime.get(), [&](const OriginConnection& kept) {
        if (kept.secured->validity.until <= base::wall_now()) return false;
        decision = caller_.runtime->policy.for_address(request, kept.endpoint.address);
        return policy::lets_through(decision.verdict) &&
               decision.connect == config::Connect::kInspect;
      });
  if (connection == nullptr) return nullptr;
  const base::Result<void> permitted = permit(account, decision);
  if (!permitted) return nullptr;
  account.record.origin = connection->endpoint;
  observe(account, dialled, policy::Kind::kConnect, {&connection->endpoint.address, 1});
  return connection;
}

}  // namespace proxy
