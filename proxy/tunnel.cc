// CONNECT (RFC 9110 §9.3.6): reach the target, answer 200, hand both sockets to a relay.
#include "http/framing.h"
#include "http/reply.h"
#include "net/relay.h"
#include "net/stream_relay.h"
#include "proxy/session.h"
#include "proxy/while_present.h"
#include "proxy/worker.h"

namespace proxy {

// The origin of a CONNECT: a connection that was inspected before, or a new one.
net::Task<base::Result<std::unique_ptr<OriginConnection>>> Session::reach_for_connect(
    ClientEnd& client, const http::Authority& target) {
  Account& account = client.account();
  auto pooled = caller_.runtime->tls->issuer != nullptr ? pooled_inside(account, target) : nullptr;
  if (pooled != nullptr) co_return std::move(pooled);
  auto reaching = WhilePresent<std::unique_ptr<OriginConnection>>::wait(
      worker_.loop(), client, reach(account, target, policy::Kind::kConnect));
  co_return co_await reaching;
}

net::Task<Session::Next> Session::connect(ClientEnd& client, const http::RequestHead& head,
                                          const http::Target& target) {
  // Content on CONNECT would leave open where the tunnel begins.
  const auto body = http::request_body(head);
  if (!body) {
    auto refusing = refuse(client, body.error(), http::Persistence::kClose);
    co_return co_await refusing;
  }
  auto reaching = reach_for_connect(client, target.authority);
  auto reached = co_await reaching;
  if (!reached && tells_inside(target.authority, reached.error())) {
    account_.refusal = reached.error();
  } else if (!reached) {
    // A refused CONNECT closes the connection: what the client has sent on may be meant for the
    // tunnel.
    auto refusing = refuse(client, reached.error(), http::Persistence::kClose);
    co_return co_await refusing;
  }
  const net::Patience stall = caller_.patience(caller_.runtime->config.timeouts.idle);
  const std::string_view established = http::connect_reply();
  auto replying = net::write_all(client_.stream(), established, stall);
  const base::Result<void> replied = co_await replying;
  if (!replied) {
    finish(replied.error());
    co_return Next::kAbort;
  }
  account_.record.status = 200;
  account_.record.bytes_out += established.size();
  if (account_.refusal) {
    auto refusing = refuse_inside(target.authority);
    co_return co_await refusing;
  }
  if (account_.connect != config::Connect::kTunnel) {
    auto peeking = peek(target.authority, std::move(*reached));
    co_return co_await peeking;
  }
  // Octets that came along with the head belong to the origin.
  const std::string_view early = reader_->buffered();
  if (!early.empty()) {
    auto sending = net::write_all((*reached)->connection.stream(), early, stall);
    const base::Result<void> sent = co_await sending;
    if (!sent) {
      finish(sent.error());
      co_return Next::kAbort;
    }
  }
  prepare_tunnel(std::move((*reached)->connection));
  co_return Next::kTunnel;
}

net::RelayLimits Session::tunnel_limits() const {
  const config::Timeouts& timeouts = caller_.runtime->config.timeouts;
  return {timeouts.tunnel_idle, timeouts.half_closed, caller_.until()};
}

void Session::prepare_tunnel(Connection origin) {
  account_.record.bytes_in += reader_->take_received();
  reader_.reset();
  const net::RelayLimits limits = tunnel_limits();
  open_tunnel_ = admin::Counted(worker_.counters().tunnels_open);
  net::Tunnel::Listener& self = *this;
  if (client_.is_plain_socket() && origin.is_plain_socket()) {
    relay_ = std::make_unique<net::Relay>(worker_.loop(), worker_.relay_buffers(),
                                          neighbour_->relays, client_.release_socket(),
                                          origin.release_socket(), limits, self);
    return;
  }
  origin.socket()->keep_alive();  // the client's socket has it from its listener
  net::Carrier& client_carrier = client_.carrier();
  net::Carrier& origin_carrier = origin.carrier();
  relay_ = std::make_unique<net::StreamRelay>(
      worker_.loop(), worker_.relay_buffers().chunks, neighbour_->relays.chunks,
      net::StreamRelay::End{client_.release(), client_carrier},
      net::StreamRelay::End{origin.release(), origin_carrier}, limits, self);
}

}  // namespace proxy
