// A connection on which the client speaks HTTP/2: its streams are exchanges of their own, and this
// only sees to it that the connection ends.
#include <algorithm>

#include "proxy/h2/inner_session.h"
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
  settings.head = caller_.runtime->http_limits;
  return settings;
}

// Shared by all connections of the client.
std::shared_ptr<http::h2::Allowance> Session::http2_allowance() {
  return worker_.holdings().of(client_key(),
                               caller_.runtime->config.limits.stream_bytes_per_client);
}

// Go's client takes an offered h2, and then writes "CONNECT … HTTP/1.1" all the same. A client of
// HTTP/2 begins with its preface and need not see ours before (RFC 9113 §3.4), so ours waits until
// it is known which it is.
net::Task<void> Session::await_version() {
  constexpr std::string_view kPreface = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";
  const net::Patience until{caller_.runtime->config.timeouts.head,
                            head_from_ + caller_.runtime->config.timeouts.head};
  for (;;) {
    const std::string_view seen = reader_->buffered();
    if (seen.substr(0, kPreface.size()) != kPreface.substr(0, seen.size())) {
      protocol_ = http::Protocol::kHttp1;
      co_return;
    }
    if (seen.size() >= kPreface.size()) co_return;
    auto filling = reader_->fill(until);
    const base::Result<size_t> filled = co_await filling;
    if (!filled || *filled == 0) co_return;
  }
}

net::Task<Session::Next> Session::serve_http2() {
  const config::Timeouts timeouts = caller_.runtime->config.timeouts;
  std::string early(reader_->buffered());
  reader_.reset();
  h2_ = std::make_unique<h2::Server>(*this, worker_.loop(), worker_.relay_buffers().chunks,
                                     client_.stream(), http2_settings(), http2_allowance());
  h2_->start(std::move(early));
  if (intake_ == Intake::kLastExchange) h2_->drain();
  // As with HTTP/1.1, the first request is waited for in another way than the next.
  base::Millis limit = timeouts.head;
  while (!h2_->over()) {
    const bool idle = h2_->idle_since() != base::kNever;
    if (idle) old_runtimes_.clear();
    state_ = idle ? State::kRequest : State::kExchange;
    if (!idle) limit = timeouts.keep_alive;
    // Streams that are served have limits of their own.
    const base::Instant deadline =
        idle ? std::min(h2_->idle_since() + limit, caller_.patience(limit).until) : base::kNever;
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
  auto target = judge_request(client.account(), *head);
  if (!target) {
    auto refusing = refuse(client, target.error(), http::Persistence::kKeepAlive);
    co_await refusing;
  } else if (head->method == "CONNECT") {
    auto connecting = connect_stream(client, *head, *target);
    co_await connecting;
  } else {
    auto forwarding = forward(client, *head, *target);
    co_await forwarding;
  }
}

// CONNECT whose tunnel is the stream (RFC 9113 §8.5).
net::Task<void> Session::connect_stream(h2::ClientStream& client, const http::RequestHead& head,
                                        const http::Target& target) {
  Account& account = client.account();
  auto reaching = reach_for_connect(client, target.authority);
  auto reached = co_await reaching;
  if (!reached && tells_inside(target.authority, reached.error())) {
    account.refusal = reached.error();
  }
  const RuntimePtr runtime = reached ? account.judged_by : caller_.runtime;
  const bool looked_into = account.refusal || account.connect != config::Connect::kTunnel;
  // One from the pool has no place yet, and neither has a refusal.
  Place place;
  if (reached) place = std::move((*reached)->place);
  if (looked_into && (reached || account.refusal) && !place) {
    auto entered = worker_.enter_stream(account, *this);
    if (entered) {
      place = *std::move(entered);
    } else {
      account.refusal.reset();
      reached = base::fail(entered.error());
    }
  }
  if (!reached && !account.refusal) {
    auto refusing = refuse(client, reached.error(), http::Persistence::kKeepAlive);
    co_await refusing;
    co_return;
  }
  http::ResponseHead established;
  established.status = 200;
  http::ResponseRewrite how;
  how.via = caller_.runtime->config.via;
  how.request_method = head.method;
  how.body = {http::BodyKind::kChunked, 0};
  client.respond(established, how);
  account.record.status = established.status;
  if (looked_into) {
    h2::InnerSession inner(*this, runtime, worker_, client.end());
    place.hand_over();
    std::unique_ptr<OriginConnection> origin;
    if (reached) origin = std::move(*reached);
    auto serving = inner.serve(account, target.authority, std::move(origin));
    co_await serving;
    co_return;
  }
  auto tunnelling = tunnel_stream(client, std::move((*reached)->connection));
  co_await tunnelling;
}

net::Task<void> Session::tunnel_stream(h2::ClientStream& client, Connection origin) {
  const admin::Counted open_tunnel(worker_.counters().tunnels_open);
  h2::Tunnel tunnel(worker_.loop(), worker_.relay_buffers().chunks, neighbour_->relays.chunks,
                    client.end(), std::move(origin), tunnel_limits());
  auto running = tunnel.run();
  const base::Result<void> ran = co_await running;
  finish(client, ran ? std::nullopt : std::optional<base::Error>(ran.error()));
}

}  // namespace proxy
