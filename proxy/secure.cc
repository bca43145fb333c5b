// TLS between client and proxy, before the first request (listeners of tls.listen).
#include "http/headline.h"
#include "http/reply.h"
#include "proxy/http1_client.h"
#include "proxy/session.h"
#include "proxy/worker.h"
#include "tls/explain.h"

namespace proxy {

// False when there is nobody left to serve.
net::Task<bool> Session::secure() {
  const std::uint32_t most = caller_.runtime->config.limits.handshakes_per_second;
  if (most != 0 &&
      !worker_.shared().admission.allows(client_key(), Admission::Deed::kHandshake, most, now())) {
    begin_exchange();
    auto refusing = refuse_hello({base::ErrorCode::kTooManyPerClient, base::Party::kProxy, 0,
                                  "this client makes more than " + std::to_string(most) +
                                      " TLS handshakes a second (limits.handshakes_per_second)"},
                                 Alert::kInternalError);
    co_await refusing;
    auto lingering = linger();
    co_await lingering;
    co_return false;
  }
  auto made = caller_.runtime->tls->listener->make_stream(client_.lend());
  if (!made) {
    begin_exchange();
    finish(made.error());
    co_return false;
  }
  tls::TlsStream& stream = **made;
  client_.cover(std::move(*made));
  const base::Instant began = base::steady_now();
  auto shaking = tls::handshake(stream, now() + caller_.runtime->config.timeouts.tls_handshake);
  const tls::HandshakeOutcome outcome = co_await shaking;
  if (outcome.info) {
    reader_ = std::make_unique<http1::MessageReader>(stream);
    protocol_ = protocol_of(outcome.info->alpn);
    caller_.identity = outcome.info->client_identity;
    head_from_ = now();
    auto refused = become_named();
    if (!refused) co_return true;
    begin_exchange();
    if (protocol_ == http::Protocol::kHttp1) {
      Http1Client client(account_, client_, *reader_, caller_.runtime->http_limits);
      auto sending = send_error(client, *refused, http::Persistence::kClose);
      co_await sending;
    }
    finish(std::move(refused));
    auto lingering = linger();
    co_await lingering;
    co_return false;
  }
  // Health probes connect and close: nobody is waiting for anything.
  if (stream.first_octets().empty() && outcome.fault == tls::Fault::kHandshakeEof) co_return false;
  begin_exchange();
  account_.record.phases.tls =
      std::chrono::duration_cast<std::chrono::microseconds>(base::steady_now() - began);
  account_.record.tls_reason = tls::token_of(outcome.fault);
  if (!tls::not_tls(stream.first_octets()).empty()) {
    account_.next_step = "write the proxy's URL with https://, or use its port for plain HTTP";
    auto answering = answer_in_plain(stream.below(), outcome.info.error(), 400);
    co_await answering;
    co_return false;
  }
  finish(outcome.info.error());
  auto lingering = linger();
  co_await lingering;
  co_return false;
}

// A client that has told its name is another one than all others at its address, from now on. The
// error says why it may not have this session.
std::optional<base::Error> Session::become_named() {
  if (caller_.identity.empty()) return std::nullopt;
  const std::string key = proxy::client_key(caller_.endpoint.address, caller_.identity);
  auto refusal = worker_.rename(caller_.endpoint.address, client_key(), key);
  neighbour_ = worker_.neighbours().seat(key);
  if (!refusal) return std::nullopt;
  return base::Error{refusal->code, base::Party::kProxy, 0,
                     refusal->decision.reason + "; " + refusal->decision.next_step};
}

// A client that speaks plain HTTP where TLS is expected can be told so, in its own words.
net::Task<void> Session::answer_in_plain(net::Stream& to, base::Error error, int status) {
  const std::string id = account_.record.id;
  http::ErrorReply reply;
  reply.status = status;
  reply.code = base::token_of(error.code);
  reply.request_id = id;
  reply.sentence = error.detail;
  const std::string headline =
      http::headline_of({error.code, account_.record.target, {}, {}, error.detail, id});
  reply.headline = headline;
  reply.next_step = account_.next_step;
  reply.via = caller_.runtime->config.via;
  const std::string text = http::error_reply(reply);
  auto writing = net::write_all(to, text, caller_.patience(caller_.runtime->config.timeouts.idle));
  const base::Result<void> written = co_await writing;
  if (written) {
    // A CONNECT has been answered before.
    if (account_.record.status == 0) account_.record.status = status;
    account_.record.bytes_out += text.size();
  }
  finish(std::move(error));
  auto lingering = linger();
  co_await lingering;
}

}  // namespace proxy
