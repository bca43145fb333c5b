// A tunnel that may be looked into: peek at the ClientHello, judge the name in it, and let the
// octets through, or meet the origin and then the client with TLS.
#include <chrono>

#include "base/log.h"
#include "config/host_pattern.h"
#include "net/io.h"
#include "proxy/session.h"
#include "proxy/worker.h"
#include "tls/client_hello_reader.h"
#include "tls/explain.h"
#include "tls/replay_stream.h"

namespace proxy {
namespace {

using base::ErrorCode;
using base::Party;
using inspect::Exemption;
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

std::string pinned_key(const base::IpAddress& client, std::string_view name) {
  return client.unmapped().to_string() + " " + std::string(name);
}

}  // namespace

struct Session::Peeked {
  enum class Kind : std::uint8_t { kTls, kNotTls } kind = Kind::kNotTls;
  tls::ClientHello hello;
};

// Everything that was read stays in `reader_`.
net::Task<base::Result<Session::Peeked>> Session::read_hello() {
  const base::Millis limit = runtime_->config.timeouts.tls_handshake;
  const net::Patience patience{limit, now() + limit};
  tls::ClientHelloReader hello;
  size_t seen = 0;
  for (;;) {
    const auto state = hello.feed(reader_->buffered().substr(seen));
    if (!state) co_return base::fail(state.error());
    seen = reader_->buffered().size();
    if (*state == tls::ClientHelloReader::State::kNotTls) co_return Peeked{};
    if (*state == tls::ClientHelloReader::State::kComplete) {
      co_return Peeked{Peeked::Kind::kTls, hello.hello()};
    }
    auto filling = reader_->fill(patience);
    const base::Result<size_t> got = co_await filling;
    if (!got && got.error().code == ErrorCode::kIdleTimeout) {
      // A protocol in which the server speaks first looks like this.
      if (seen == 0) co_return Peeked{};
      co_return base::fail(ErrorCode::kClientTimeout, Party::kClient,
                           "the ClientHello did not arrive whole within timeouts.tls_handshake");
    }
    if (!got) co_return base::fail(got.error());
    if (*got == 0 && seen == 0) co_return Peeked{};
    if (*got == 0) {
      co_return base::fail(ErrorCode::kClientClosed, Party::kClient,
                           "the client closed the connection inside its ClientHello");
    }
  }
}

// Policy on a name that the client gave beside the one in its CONNECT.
base::Result<void> Session::permit_name(const http::Authority& target,
                                        const base::IpAddress& address) {
  const policy::Request request{client_endpoint_.address, policy::Kind::kConnect, target,
                                identity_};
  const policy::Decision before = runtime_->policy.before_dns(request);
  const bool decided = before.verdict != policy::Verdict::kNeedsAddress;
  return permit(account_, decided && before.verdict == policy::Verdict::kDeny
                              ? before
                              : runtime_->policy.for_address(request, address));
}

net::Task<Session::Next> Session::peek(http::Authority target,
                                       std::unique_ptr<OriginConnection> origin) {
  const bool was_peek = account_.connect == config::Connect::kPeek;
  auto reading = read_hello();
  const base::Result<Peeked> peeked = co_await reading;
  if (!peeked) {
    finish(peeked.error());
    co_return Next::kAbort;
  }
  if (peeked->kind == Peeked::Kind::kNotTls) {
    auto passing = pass_through(std::move(origin), Exemption::kNotTls);
    co_return co_await passing;
  }
  account_.record.server_name = peeked->hello.server_name;
  auto inside = std::make_unique<inspect::Inside>();
  inside->dialled = target;
  inside->origin = target;
  inside->address = origin->endpoint.address;
  if (!peeked->hello.server_name.empty() && peeked->hello.server_name != target.host) {
    inside->origin.host = peeked->hello.server_name;
    inside->origin.literal.reset();
    const std::string by_target = account_.record.rule;
    const std::string_view inspect_for = account_.inspect_for;
    const config::Connect connect = account_.connect;
    const base::Result<void> permitted = permit_name(inside->origin, inside->address);
    if (!permitted) {
      finish(permitted.error());
      co_return Next::kAbort;
    }
    // Peeking asks what the name says; else the stricter of both names counts.
    if (account_.inspect_for.empty()) account_.inspect_for = inspect_for;
    if (!was_peek && connect == config::Connect::kInspect) account_.connect = connect;
  }
  // A name that would be peeked at has been.
  if (account_.connect == config::Connect::kPeek) account_.connect = config::Connect::kTunnel;
  if (account_.connect == config::Connect::kTunnel && account_.inspect_for.empty()) {
    auto passing = pass_through(std::move(origin), Exemption::kNone);
    co_return co_await passing;
  }
  Exemption exemption = inspect::exempt_by_name(runtime_->config.tls, inside->origin.host);
  if (exemption == Exemption::kNone) {
    exemption = inspect::exempt_by_name(runtime_->config.tls, target.host);
  }
  inspect::Found& found = worker_.found();
  if (exemption == Exemption::kNone &&
      found.client_certificates.has(inside->origin.to_string(), now())) {
    exemption = Exemption::kClientCertificate;
  }
  if (exemption == Exemption::kNone &&
      runtime_->config.tls.pinned == config::Uninspected::kTunnel &&
      found.pinned.has(pinned_key(client_endpoint_.address, inside->origin.host), now())) {
    exemption = Exemption::kPinned;
  }
  if (exemption != Exemption::kNone) {
    auto passing = pass_through(std::move(origin), exemption);
    co_return co_await passing;
  }
  auto peer = tls::PeerName::parse(inside->origin.host);
  if (!peer) {
    finish(peer.error());
    co_return Next::kAbort;
  }
  inside->peer = std::move(*peer);
  inside->pool_key = pool_key(target, inside->peer);
  inside->fresh = std::move(origin);
  auto inspecting = inspect_tls(std::move(inside));
  co_return co_await inspecting;
}

// Lets the octets through unread, or refuses where that would hide what a rule is about.
net::Task<Session::Next> Session::pass_through(std::unique_ptr<OriginConnection> origin,
                                               Exemption exemption) {
  account_.record.inspection = inspect::token_of(exemption);
  const std::string why(inspect::reason_of(exemption));
  if (!account_.inspect_for.empty()) {
    finish(base::Error{ErrorCode::kDenied, Party::kClient, 0,
                       "the rule " + std::string(account_.inspect_for) +
                           " judges what is sent inside, but nothing is inspected here: " + why});
    co_return Next::kAbort;
  }
  if (exemption == Exemption::kNotTls &&
      runtime_->config.tls.not_tls == config::Uninspected::kRefuse) {
    finish(base::Error{ErrorCode::kDenied, Party::kClient, 0,
                       why + " in a tunnel that is inspected; let it through with tls.not_tls: "
                             "tunnel, or by a rule with connect: tunnel"});
    co_return Next::kAbort;
  }
  // A pooled connection has TLS on it, and this client will bring its own.
  if (!origin->connection.is_plain()) {
    const http::Authority target = *http::parse_authority(account_.record.target);
    auto reaching = reach(account_, target, policy::Kind::kConnect);
    auto reached = co_await reaching;
    if (!reached) {
      finish(reached.error());
      co_return Next::kAbort;
    }
    origin = std::move(*reached);
  }
  const std::string_view early = reader_->buffered();
  if (!early.empty()) {
    const net::Patience stall = patience(runtime_->config.timeouts.idle);
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

// Origin first: the client gets a certificate for it only once the origin's has been verified.
net::Task<Session::Next> Session::inspect_tls(std::unique_ptr<inspect::Inside> inside) {
  account_.record.inspection = "inspected";
  if (inside->fresh->secured && inside->fresh->secured->peer != inside->peer) {
    auto reaching = reach(account_, inside->dialled, policy::Kind::kConnect);
    auto reached = co_await reaching;
    if (!reached) {
      finish(reached.error());
      co_return Next::kAbort;
    }
    inside->fresh = std::move(*reached);
  }
  if (!inside->fresh->secured) {
    auto meeting = meet_origin(*inside->fresh, inside->peer);
    tls::HandshakeOutcome outcome = co_await meeting;
    const bool asks = outcome.fault == tls::Fault::kClientCertificateRequested ||
                      (outcome.info && outcome.info->client_certificate_requested);
    if (asks && !config::matches_any_host(runtime_->config.tls.force, inside->origin.host)) {
      worker_.found().client_certificates.note(inside->origin.to_string(), now(),
                                               now() + runtime_->config.tls.exempt_for);
      auto passing = pass_through(std::move(inside->fresh), Exemption::kClientCertificate);
      co_return co_await passing;
    }
    if (!outcome.info) {
      account_.record.tls_reason = tls::token_of(outcome.fault);
      inside->fresh.reset();
      inside->refusal = inspect::Refusal{outcome.info.error(), outcome.fault, outcome.peer};
    }
  }
  auto meeting = meet_client(std::move(inside));
  co_return co_await meeting;
}

net::Task<Session::Next> Session::meet_client(std::unique_ptr<inspect::Inside> inside) {
  const base::WallTime time = base::wall_now();
  auto leaf =
      inside->refusal
          ? runtime_->tls->issuer->issue(inside->peer, time + kPageValidity, time)
          : worker_.leaves()->leaf_for(inside->peer, inside->fresh->secured->not_after, time);
  if (!leaf) {
    finish(leaf.error());
    co_return Next::kAbort;
  }
  std::string hello(reader_->buffered());
  account_.record.bytes_in += reader_->received() - received_before_;
  reader_.reset();
  received_before_ = 0;
  auto replay = std::make_unique<tls::ReplayStream>(std::move(hello), client_.lend());
  auto made = runtime_->tls->leaves->make_stream(std::move(replay), (*leaf)->identity,
                                                 tls::LeafServer::Protocols::kHttp11);
  if (!made) {
    finish(made.error());
    co_return Next::kAbort;
  }
  tls::TlsStream& stream = **made;
  client_.cover(std::move(*made));
  const base::Instant began = base::steady_now();
  auto shaking = tls::handshake(stream, now() + runtime_->config.timeouts.tls_handshake);
  const tls::HandshakeOutcome outcome = co_await shaking;
  account_.record.phases.tls += duration_cast<microseconds>(base::steady_now() - began);
  if (!outcome.info) co_return lose_client(stream, outcome.info.error(), inside->origin.host);
  reader_ = std::make_unique<MessageReader>(stream);
  // A fault of the origin is told inside; here it is what became of the CONNECT.
  finish(inside->refusal ? std::optional<base::Error>(inside->refusal->error) : std::nullopt);
  inside_ = std::move(inside);
  head_from_ = now();
  admin::bump(worker_.counters().inspected);
  co_return Next::kKeepAlive;
}

// The client did not finish its handshake. One that does not believe our certificate is remembered.
Session::Next Session::lose_client(const tls::TlsStream& stream, base::Error error,
                                   const std::string& name) {
  if (stream.failure() != nullptr && rejects_our_certificate(*stream.failure())) {
    admin::bump(worker_.counters().inspections_rejected);
    const std::string client = client_endpoint_.address.unmapped().to_string();
    if (worker_.found().pinned.note(pinned_key(client_endpoint_.address, name), now(),
                                    now() + runtime_->config.tls.exempt_for)) {
      base::log_warn("client " + client + " rejects the inspection CA for " + name +
                     ": give it the CA (sluice ca install), or list the name in tls.passthrough");
    }
  }
  finish(std::move(error));
  return Next::kClose;
}

std::string Session::pool_key(const http::Authority& dialled, const tls::PeerName& peer) const {
  return "tls " + dialled.to_string() + " " + peer.text() + " " +
         client_endpoint_.address.to_string() + " " + identity_;
}

// A connection of this client to that origin that has TLS on it already. The name that the client
// will ask for is not known yet; nearly always it is the CONNECT's.
std::unique_ptr<OriginConnection> Session::pooled_inside(const http::Authority& dialled) {
  const policy::Request request{client_endpoint_.address, policy::Kind::kConnect, dialled,
                                identity_};
  const policy::Decision by_name = runtime_->policy.before_dns(request);
  if (by_name.verdict == policy::Verdict::kDeny) return nullptr;
  const auto peer = tls::PeerName::parse(dialled.host);
  if (!peer) return nullptr;
  auto connection = worker_.origins().take(pool_key(dialled, *peer), runtime_.get());
  if (connection == nullptr) return nullptr;
  const auto decision = runtime_->policy.for_address(request, connection->endpoint.address);
  if (!policy::lets_through(decision.verdict) || decision.connect != config::Connect::kInspect) {
    return nullptr;
  }
  const base::Result<void> permitted = permit(account_, decision);
  if (!permitted) return nullptr;
  account_.record.origin = connection->endpoint;
  observe(account_, dialled, policy::Kind::kConnect, {&connection->endpoint.address, 1});
  return connection;
}

}  // namespace proxy
