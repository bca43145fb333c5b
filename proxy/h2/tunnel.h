// A tunnel whose client end is a stream, and which is not looked into: a relay, as a task of the
// stream's exchange.
#pragma once

#include <memory>

#include "net/await.h"
#include "net/chunk_pool.h"
#include "net/stream_relay.h"
#include "net/task.h"
#include "proxy/connection.h"
#include "proxy/h2/stream_end.h"

namespace proxy::h2 {

class Tunnel final : private net::Tunnel::Listener {
 public:
  // What is referred to outlives the tunnel.
  Tunnel(net::Loop& loop, net::ChunkPool& chunks, net::ChunkPool::Claim& claim, StreamEnd& client,
         Connection origin, const net::RelayLimits& limits);
  // Cuts it off if it is not over.
  ~Tunnel();

  // Until both sides have ended, or one failed.
  net::Task<base::Result<void>> run();

 private:
  void on_relay_end(net::RelayOutcome outcome) override;

  net::Loop& loop_;
  net::Event client_gone_;  // goes with the relay
  net::Event over_;
  std::optional<base::Error> error_;
  std::unique_ptr<net::StreamRelay> relay_;
};

}  // namespace proxy::h2
