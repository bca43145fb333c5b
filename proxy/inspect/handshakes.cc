// The two handshakes of an inspected tunnel, the origin's first, and what becomes of a client that
// does not believe ours.
#include <chrono>
#include <utility>

#include "base/log.h"
#include "config/host_pattern.h"
#include "proxy/inspect/inspector.h"
#include "proxy/inspect/meet_origin.h"
#include "tls/handshake.h"
#include "tls/replay_stream.h"

namespace proxy::inspect {
namespace {

using std::chrono::duration_cast;
using std::chrono::microseconds;

// How long the certificate of an error page is valid.
constexpr std::chrono::hours kPageValidity{1};

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
base::Result<std::shared_ptr<const tls::Leaf>> leaf_for(const Inside& inside,
                                                        const tls::LeafIssuer& issuer,
                                                        std::optional<tls::LeafCache>& cache) {
  const base::WallTime now = base::wall_now();
  if (inside.refusal) return issuer.issue(inside.peer, {.until = now + kPageValidity}, now);
  const tls::Validity& origin = inside.fresh->secured->validity;
  return cache ? cache->leaf_for(inside.peer, origin, now) : issuer.issue(inside.peer, origin, now);
}

}  // namespace

// Origin first: the client gets a certificate for it only once the origin's has been verified.
net::Task<Looked> Inspector::inspect_tls(std::unique_ptr<Inside> inside) {
  client_.account.record.inspection = "inspected";
  if (inside->fresh->secured && inside->fresh->secured->peer != inside->peer) {
    // The pooled TLS connection was verified for another host name. Put it back and dial the same
    // address again; policy has allowed that address for both names.
    const base::Endpoint endpoint = inside->fresh->endpoint;
    service_.stock.put(inside->pool_key, std::move(inside->fresh));
    const auto goes_there = [&](const OriginConnection& kept) {
      return kept.endpoint == endpoint && kept.secured && kept.secured->peer == inside->peer;
    };
    inside->fresh = service_.stock.take(inside->pool_key, goes_there);
    if (inside->fresh == nullptr) {
      auto reaching = reach_.again(client_.account, endpoint);
      auto reached = co_await reaching;
      if (!reached) {
        client_.finish(reached.error());
        co_return after::Abort{};
      }
      inside->fresh = std::move(*reached);
    }
    inside->address = inside->fresh->endpoint.address;
  }
  if (!inside->fresh->secured) {
    const auto& contexts = service_.runtime().tls->origins;
    auto meeting = meet_origin(service_, *contexts[static_cast<size_t>(inside->offer)],
                               client_.account, *inside->fresh, *inside);
    tls::HandshakeOutcome outcome = co_await meeting;
    const bool asks = outcome.fault == tls::Fault::kClientCertificateRequested ||
                      (outcome.info && outcome.info->client_certificate_requested);
    if (asks && !config::matches_any_host(service_.config().tls.force, inside->origin.host)) {
      service_.tools.found.note_asking(inside->dialled, inside->origin, service_.tools.now(),
                                       service_.tools.now() + service_.config().tls.exempt_for);
      auto passing = pass_through(std::move(inside->fresh), Exemption::kClientCertificate);
      co_return co_await passing;
    }
    if (!outcome.info) {
      client_.account.record.tls_reason = tls::token_of(outcome.fault);
      inside->fresh.reset();
      inside->refusal = Refusal{outcome.info.error(),
                                outcome.fault,
                                outcome.peer,
                                client_.account.record.verdict,
                                client_.account.record.rule,
                                client_.account.next_step};
    }
  }
  auto meeting = meet_client(std::move(inside));
  co_return co_await meeting;
}

net::Task<Looked> Inspector::meet_client(std::unique_ptr<Inside> inside) {
  if (has_hung_up(client_.carrier())) {
    client_.finish(
        base::Error{base::ErrorCode::kClientClosed, base::Party::kClient, 0,
                    "the client closed the connection before it was shown a certificate"});
    co_return after::Gone{};
  }
  auto leaf = leaf_for(*inside, *service_.runtime().tls->issuer, service_.tools.leaves);
  if (!leaf) {
    auto refusing = refuse(leaf.error(), Alert::kInternalError);
    co_return co_await refusing;
  }
  std::string hello(client_.reader->buffered());
  client_.stop_reading();
  auto replay = std::make_unique<tls::ReplayStream>(std::move(hello), client_.connection.lend());
  auto made = service_.runtime().tls->leaves->make_stream(std::move(replay), **leaf,
                                                          service_.caller.identity);
  if (!made) {
    client_.finish(made.error());
    co_return after::Gone{};  // with what lay below
  }
  tls::TlsStream& stream = **made;
  client_.connection.cover(std::move(*made));
  const base::Instant began = base::steady_now();
  auto shaking =
      tls::handshake(stream, service_.tools.now() + service_.config().timeouts.tls_handshake);
  const tls::HandshakeOutcome outcome = co_await shaking;
  client_.account.record.phases.tls += duration_cast<microseconds>(base::steady_now() - began);
  if (!outcome.info) co_return lose_client(stream, outcome.info.error(), inside->origin.host);
  // Nothing answers the client's Finished but session tickets, where it gets any. It may send its
  // request only when it knows that Finished has arrived: 40 ms later without this.
  client_.carrier().acknowledge();
  client_.read_anew(service_.tools.now());
  client_.protocol = protocol_of(outcome.info->alpn);
  // A fault of the origin is told inside; here it is what became of the CONNECT.
  client_.finish(inside->refusal ? std::optional<base::Error>(inside->refusal->error)
                                 : std::nullopt);
  inside->runtime = service_.caller.runtime;
  admin::bump(service_.tools.metrics.inspected);
  co_return std::move(inside);
}

// The client did not finish its handshake. One that does not believe our certificate is remembered.
Looked Inspector::lose_client(const tls::TlsStream& stream, base::Error error,
                              const std::string& name) {
  if (stream.failure() != nullptr && rejects_our_certificate(*stream.failure())) {
    admin::bump(service_.tools.metrics.inspections_rejected);
    const base::IpAddress& client = service_.caller.endpoint.address;
    // The names are of the client's choice, and so is their number; /inspection has them.
    if (service_.tools.found.note_rejection(
            client, name, service_.tools.now(),
            service_.tools.now() + service_.config().tls.exempt_for) &&
        service_.tools.rejection_warnings.take(service_.neighbour.key(), service_.tools.now())) {
      base::log_warn("client " + client.unmapped().to_string() + " rejects the inspection CA for " +
                     name +
                     ": give it the CA (sluice ca install), or list the name in tls.passthrough");
    }
  }
  client_.finish(std::move(error));
  return after::Linger{};
}

}  // namespace proxy::inspect
