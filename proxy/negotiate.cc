// The way of a request from its first octet to the hand-over: read a head, judge it, and let
// connect (tunnel.cc) or forward (forward.cc) do the rest.
#include <chrono>

#include "http/parse.h"
#include "proxy/http1_client.h"
#include "proxy/observe.h"
#include "proxy/session.h"
#include "proxy/worker.h"

namespace proxy {

using base::ErrorCode;
using base::Party;

net::Task<void> Session::serve() {
  if (entry_ == Entry::kTls) {
    auto securing = secure();
    const bool secured = co_await securing;
    if (!secured) co_return;
  }
  auto going_on = serve_on(Next::kKeepAlive);
  co_await going_on;
}

// A tunnel has just been granted over a carrier of its own (serve_http2.cc).
net::Task<void> Session::serve_tunnel(http::Authority target,
                                      std::unique_ptr<OriginConnection> origin) {
  state_ = State::kExchange;
  auto looking = account_.refusal ? refuse_inside(std::move(target))
                                  : peek(std::move(target), std::move(origin));
  const Next next = co_await looking;
  auto going_on = serve_on(next);
  co_await going_on;
}

// From what follows an exchange to the connection's end.
net::Task<void> Session::serve_on(Next next) {
  if (protocol_ == http::Protocol::kHttp2 && entry_ == Entry::kTls && next == Next::kKeepAlive) {
    auto awaiting = await_version();
    co_await awaiting;
  }
  if (next == Next::kKeepAlive) {
    auto serving = serve_http1();
    next = co_await serving;
  }
  if (next == Next::kKeepAlive) {
    auto multiplexing = serve_http2();
    next = co_await multiplexing;
  }
  if (next == Next::kTunnel) state_ = State::kTunnel;
  if (next == Next::kAbort) client_.carrier().reset_on_close();
  if (next != Next::kClose) co_return;
  state_ = State::kClosing;
  auto lingering = linger();
  co_await lingering;
}

// One request after the other, until the connection ends or, with kKeepAlive, speaks HTTP/2.
net::Task<Session::Next> Session::serve_http1() {
  while (protocol_ == http::Protocol::kHttp1) {
    state_ = State::kRequest;
    http::RequestHead head;
    auto reading = read_request(head);
    const base::Result<bool> arrived = co_await reading;
    if (arrived && !*arrived) {
      // A stream of HTTP/2 is not over by being dropped.
      client_.stream().shutdown_write();
      co_return Next::kGone;
    }
    Http1Client client(account_, client_, *reader_, caller_.runtime->http_limits);
    if (!arrived) {
      auto refusing = refuse(client, arrived.error(), http::Persistence::kClose);
      co_await refusing;
      co_return Next::kClose;
    }
    state_ = State::kExchange;
    auto exchanging = exchange(client, head);
    const Next next = co_await exchanging;
    if (next != Next::kKeepAlive) co_return next;
    if (intake_ == Intake::kLastExchange) co_return Next::kClose;
  }
  co_return Next::kKeepAlive;
}

// Reads the next request's head. False when the client closed before sending any of it.
net::Task<base::Result<bool>> Session::read_request(http::RequestHead& head) {
  const config::Timeouts timeouts = caller_.runtime->config.timeouts;
  // The first head is timed from accept, later ones from their first octet after an idle wait.
  const bool first = await_first_head_;
  auto waiting =
      reader_->wait_for_data(caller_.patience(first ? timeouts.head : timeouts.keep_alive));
  const auto arrival = co_await waiting;
  if (!arrival) {
    // An idle connection ends without a word. So does one whose client gives it up unused: with TLS
    // many do so without close_notify (RFC 9112 §9.8 asks servers to be prepared for that), or by a
    // reset, since they leave tickets unread.
    if (!first || arrival.error().code == ErrorCode::kClientClosed) co_return false;
    begin_exchange();
    if (arrival.error().code != ErrorCode::kIdleTimeout) co_return base::fail(arrival.error());
    co_return base::fail(ErrorCode::kClientTimeout, Party::kClient,
                         "no request arrived within timeouts.head");
  }
  if (*arrival == http1::MessageReader::Arrival::kEnd) co_return false;
  begin_exchange();
  // Either version's first octet (RFC 1928 §3).
  if (reader_->buffered().starts_with('\x05') || reader_->buffered().starts_with('\x04')) {
    co_return base::fail(ErrorCode::kBadRequest, Party::kClient,
                         "the client speaks SOCKS, and this is an HTTP proxy; write the proxy's "
                         "URL with http:// instead of socks5://");
  }
  if (client_.is_plain() && reader_->buffered().starts_with('\x16')) {
    co_return base::fail(ErrorCode::kBadRequest, Party::kClient,
                         "the client speaks TLS to a port for plain HTTP; write the proxy's URL "
                         "with http://, or use a port of tls.listen");
  }
  const base::Instant head_deadline = (first ? head_from_ : now()) + timeouts.head;
  await_first_head_ = false;
  const net::Patience until_deadline{timeouts.head, head_deadline};
  auto reading =
      reader_->read_head(http::MessageKind::kRequest, caller_.runtime->http_limits, until_deadline);
  const auto octets = co_await reading;
  if (!octets) {
    if (octets.error().code != ErrorCode::kIdleTimeout) co_return base::fail(octets.error());
    co_return base::fail(ErrorCode::kClientTimeout, Party::kClient,
                         "the request head did not arrive whole within timeouts.head");
  }
  auto parsed = http::parse_request_head(*octets, caller_.runtime->http_limits);
  if (!parsed) co_return base::fail(parsed.error());
  head = std::move(*parsed);
  co_return true;
}

// Everything a head must satisfy before anyone looks at where it wants to go.
base::Result<http::Target> Session::judge_head(Account& account, const http::RequestHead& head) {
  account.record.lints.add(head.lints);
  auto target = inside_ != nullptr ? http::parse_inner_target(head, inside_->origin)
                                   : http::parse_target(head);
  if (!target) return base::fail(target.error());
  const auto host = inside_ != nullptr ? http::check_inner_host(head, inside_->origin)
                                       : http::check_host(head, *target);
  if (!host) return base::fail(host.error());
  account.record.lints.add(*host);
  if (http::via_names(head.fields, caller_.runtime->config.via)) {
    return base::fail(ErrorCode::kLoopDetected, Party::kClient,
                      "the request has been through this proxy already (Via names \"" +
                          caller_.runtime->config.via +
                          "\"); break the loop, or give chained proxies different `via` names");
  }
  return target;
}

// Whether the client may ask for anything now.
base::Result<void> Session::judge_client(Account& account) {
  const std::uint32_t most = caller_.runtime->config.limits.requests_per_second;
  if (most != 0 &&
      !worker_.shared().admission.allows(client_key(), Admission::Deed::kRequest, most, now())) {
    account.next_step = "ask more slowly, or raise limits.requests_per_second";
    return base::fail(ErrorCode::kTooManyPerClient, Party::kProxy,
                      "this client sends more than " + std::to_string(most) + " requests a second");
  }
  if (caller_.runtime == first_runtime_) return {};  // it was admitted by that
  return permit(account, caller_.runtime->policy.admit(caller_.endpoint.address));
}

// Everything that can be said of a request before its origin is looked for; into the record, too.
base::Result<http::Target> Session::judge_request(Account& account, const http::RequestHead& head) {
  account.record.method = head.method;
  const base::Result<void> welcome = judge_client(account);
  if (!welcome) return base::fail(welcome.error());
  auto target = judge_head(account, head);
  if (!target) return target;
  if (target->form != http::TargetForm::kAsterisk) {
    account.record.target = target->form == http::TargetForm::kAbsolute
                                ? http::to_uri(*target)
                                : target->authority.to_string();
  }
  if (inside_ == nullptr) {
    watch(account, head, *caller_.runtime->observer);
    return target;
  }
  const base::Result<void> served = judge_inside(account, *target);
  if (!served) return base::fail(served.error());
  return target;
}

net::Task<Session::Next> Session::exchange(ClientEnd& client, http::RequestHead& head) {
  auto target = judge_request(client.account(), head);
  if (!target) {
    auto refusing = refuse(client, target.error(), http::Persistence::kClose);
    co_return co_await refusing;
  }
  if (head.method == "CONNECT") {
    auto connecting = connect(client, head, *target);
    co_return co_await connecting;
  }
  auto forwarding = forward(client, head, *target);
  co_return co_await forwarding;
}

}  // namespace proxy
