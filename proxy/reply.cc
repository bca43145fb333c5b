// What the proxy says in its own name, and how a connection is closed so that the client hears it.
#include <array>
#include <optional>
#include <string>
#include <vector>

#include "http/headline.h"
#include "http/reply.h"
#include "net/await.h"
#include "proxy/http1_client.h"
#include "proxy/session.h"
#include "proxy/worker.h"

namespace proxy {
namespace {

// A client may still be sending when it is refused. Closing then would make the kernel send a
// reset, which can overtake the reply: read on and throw it away (RFC 9112 §9.6). Many clients read
// no answer before they have sent all of a body, however large, so octets have no bound; time has.
struct LingerLimits {
  base::Millis silence;
  base::Millis all;
};
constexpr LingerLimits kLinger{base::Millis{5000}, base::Millis{30000}};
// Of a connection that was refused before it asked for anything, which may be one of many over a
// limit, and of a client that has had its time.
constexpr LingerLimits kLingerBriefly{base::Millis{2000}, base::Millis{2000}};
// What a fast client may throw at us before others get their turn.
constexpr size_t kLingerOctetsPerTurn = 1024 * 1024;

using Fact = http::ErrorReply::Fact;

}  // namespace

net::Task<void> Session::send_error(ClientEnd& client, const base::Error& error,
                                    http::Persistence persistence) {
  Account& account = client.account();
  const int status = base::status_of(error.code);
  if (status == 0) co_return;  // the client is gone
  http::ErrorReply reply;
  reply.status = status;
  reply.code = base::token_of(error.code);
  reply.request_id = account.record.id;
  reply.rule = account.record.verdict == policy::Verdict::kDeny
                   ? std::string_view(account.record.rule)
                   : std::string_view();
  reply.sentence = error.detail;
  const std::string headline =
      http::headline_of({error.code, account.record.target, reply.rule, account.record.tls_reason,
                         error.detail, account.record.id});
  reply.headline = headline;
  reply.next_step = account.next_step;
  reply.via = caller_.runtime->config.via;
  reply.date = worker_.http_date();
  std::vector<Fact> facts;
  std::string valid;
  reply.tls_fault = account.record.tls_reason;
  if (inside_ != nullptr && inside_->refusal) {
    const auto& certificate = inside_->refusal->certificate;
    if (certificate) {
      valid =
          tls::to_string(certificate->not_before) + " to " + tls::to_string(certificate->not_after);
      facts = {{"Certificate subject", certificate->subject},
               {"Certificate issuer", certificate->issuer},
               {"Certificate valid", valid},
               {"Certificate SHA-256", certificate->sha256}};
    }
    reply.facts = facts;
  }
  if (account.record.method == "HEAD") reply.body = http::ErrorReply::Body::kOmit;
  const http::Reply message = http::error_message(reply);
  auto replying =
      client.reply(message, persistence, caller_.patience(caller_.runtime->config.timeouts.idle));
  const base::Result<void> replied = co_await replying;
  // Otherwise nobody listens; the record keeps the first error.
  if (replied) account.record.status = status;
}

net::Task<void> Session::refuse_connection(policy::Decision refusal, base::ErrorCode code) {
  state_ = State::kClosing;
  begin_exchange();
  base::Error error{code, base::Party::kClient, 0, refusal.reason};
  account_.next_step = refusal.next_step;
  if (base::status_of(code) == 403) {
    account_.record.verdict = policy::Verdict::kDeny;
    account_.record.rule = refusal.rule;
  } else {
    error.party = base::Party::kProxy;
  }
  if (entry_ == Entry::kTls) {
    // An answer in plain HTTP would be noise to it, and a handshake is what it may not have.
    const Alert alert = base::status_of(code) == 403 ? Alert::kAccessDenied : Alert::kInternalError;
    auto alerting = refuse_hello(std::move(error), alert);
    co_await alerting;
  } else {
    Http1Client client(account_, client_, *reader_, caller_.runtime->http_limits);
    auto sending = send_error(client, error, http::Persistence::kClose);
    co_await sending;
    finish(error);
  }
  auto lingering = linger();
  co_await lingering;
}

net::Task<void> Session::linger() {
  client_.stream().shutdown_write();
  const std::optional<base::Error>& error = account_.record.error;
  const bool late = error && error->code == base::ErrorCode::kClientTimeout;
  const LingerLimits& limits = refused() || late ? kLingerBriefly : kLinger;
  const net::Patience until{limits.silence, now() + limits.all};
  std::array<char, 4096> discard;
  for (size_t octets = 0;;) {
    // From the carrier: what is thrown away needs no deciphering, and a TLS handshake that was
    // given up has no octets to give.
    auto reading = net::read_some(client_.carrier(), discard, until);
    const base::Result<size_t> got = co_await reading;
    if (!got || *got == 0) co_return;
    octets += *got;
    if (octets < kLingerOctetsPerTurn) continue;
    octets = 0;
    if (now() >= until.until) co_return;
    net::SleepAwaiter next_turn(worker_.loop(), now());
    co_await next_turn;
  }
}

}  // namespace proxy
