// A connection on which the client speaks HTTP/2: its streams are exchanges of their own, and this
// only sees to it that the connection ends.
#include <algorithm>

#include "proxy/h2/server.h"
#include "proxy/h2/tunnel.h"
#include "proxy/session.h"
#include "proxy/worker.h"

namespace proxy {
namespace {

// How long a client has to take our goodbye.
constexpr base::Millis kGoodbyeTime{2000};

}  // namespace

http::h2::Settings Session::http2_settings() const {
  http::h2::Settings settings;
  settings.head = runtime_->http_limits;
  return settings;
}

net::Task<Session::Next> Session::serve_http2() {
  const config::Timeouts& timeouts = runtime_->config.timeouts;
  reader_.reset();
  h2_ = std::make_unique<h2::Server>(*this, worker_.loop(), worker_.relay_buffers().chunks,
                                     client_.stream(), http2_settings());
  h2_->start();
  if (intake_ == Intake::kLastExchange) h2_->drain();
  // As with HTTP/1.1, the first request is waited for in another way than the next.
  base::Millis limit = timeouts.head;
  while (!h2_->over()) {
    const bool idle = h2_->idle_since() != base::kNever;
    state_ = idle ? State::kRequest : State::kExchange;
    if (!idle) limit = timeouts.keep_alive;
    // Streams that are served have limits of their own.
    const base::Instant deadline =
        idle ? std::min(h2_->idle_since() + limit, patience(limit).until) : base::kNever;
    auto waiting = h2_->wait(deadline);
    const net::Wake wake = co_await waiting;
    if (wake == net::Wake::kTimeout) break;
  }
  if (h2_->over()) co_return Next::kClose;
  h2_->leave();
  const base::Instant deadline = now() + kGoodbyeTime;
  for (net::Wake wake = net::Wake::kReady; !h2_->over() && wake == net::Wake::kReady;) {
    auto waiting = h2_->wait(deadline);
    wake = co_await waiting;
  }
  co_return h2_->over() ? Next::kClose : Next::kAbort;
}

net::Task<void> Session::serve_stream(h2::ClientStream& client,
                                      base::Result<http::RequestHead>& head) {
  begin_exchange(client.account());
  if (!head) {
    auto refusing = refuse(client, head.error(), http::Persistence::kKeepAlive);
    co_await refusing;
    co_return;
  }
  client.count_head(*head);
  auto exchanging = exchange(client, *head);
  co_await exchanging;
}

// CONNECT whose tunnel is the stream (RFC 9113 §8.5). Its octets are not looked into: where policy
// wants that, HTTP/2 is not offered to begin with (TlsRuntime), and this refuses.
net::Task<Session::Next> Session::connect_stream(ClientEnd& client, const http::RequestHead& head,
                                                 const http::Target& target) {
  Account& account = client.account();
  auto reaching = reach(account, target.authority, policy::Kind::kConnect);
  auto reached = co_await reaching;
  if (!reached) {
    auto refusing = refuse(client, reached.error(), http::Persistence::kKeepAlive);
    co_return co_await refusing;
  }
  if (account.connect != config::Connect::kTunnel) {
    account.next_step = "use HTTP/1.1 with the proxy (no ALPN protocol h2)";
    base::Error error{base::ErrorCode::kDenied, base::Party::kClient, 0,
                      "this tunnel is to be inspected, which a stream of HTTP/2 can't be"};
    auto refusing = refuse(client, std::move(error), http::Persistence::kKeepAlive);
    co_return co_await refusing;
  }
  http::ResponseHead established;
  established.status = 200;
  http::ResponseRewrite how;
  how.via = runtime_->config.via;
  how.request_method = head.method;
  how.body = {http::BodyKind::kChunked, 0};
  Sink& to_client = client.respond(established, how);
  account.record.status = established.status;
  admin::bump(worker_.counters().tunnels_open);
  {
    h2::Tunnel tunnel(worker_.loop(), client, to_client, std::move((*reached)->connection),
                      tunnel_limits());
    auto running = tunnel.run();
    const base::Result<void> ran = co_await running;
    worker_.counters().tunnels_open.fetch_sub(1, std::memory_order_relaxed);
    finish(client, ran ? std::nullopt : std::optional<base::Error>(ran.error()));
  }
  co_return Next::kKeepAlive;
}

}  // namespace proxy
