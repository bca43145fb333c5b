#include "proxy/h2/tunnel.h"

#include <utility>

#include "proxy/h2/stream_carrier.h"

namespace proxy::h2 {

Tunnel::Tunnel(net::Loop& loop, net::ChunkPool& chunks, net::ChunkPool::Claim& claim,
               StreamEnd& client, Connection origin, const net::RelayLimits& limits)
    : loop_(loop), client_gone_(loop), over_(loop) {
  origin.socket()->keep_alive();
  auto carrier = std::make_unique<StreamCarrier>(client, client_gone_);
  net::Carrier& client_carrier = *carrier;
  net::Carrier& origin_carrier = origin.carrier();
  net::Tunnel::Listener& self = *this;
  relay_ = std::make_unique<net::StreamRelay>(
      loop, chunks, claim, net::StreamRelay::End{std::move(carrier), client_carrier},
      net::StreamRelay::End{origin.release(), origin_carrier}, limits, self);
}

Tunnel::~Tunnel() {
  relay_->stop({base::ErrorCode::kCancelled, base::Party::kProxy, 0, "the tunnel was given up"});
}

net::Task<base::Result<void>> Tunnel::run() {
  relay_->start();
  auto waiting = over_.wait(base::kNever);
  co_await waiting;
  // Off the relay's stack: this tunnel, and the relay with it, may go now.
  net::SleepAwaiter turn(loop_, loop_.now());
  co_await turn;
  if (error_) co_return base::fail(*error_);
  co_return base::Result<void>();
}

void Tunnel::on_relay_end(net::RelayOutcome outcome) {
  error_ = std::move(outcome.error);
  over_.set();
}

}  // namespace proxy::h2
