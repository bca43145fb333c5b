// A tunnel whose client end is a stream (RFC 9113 §8.5): DATA are its octets, END_STREAM is a FIN,
// and a reset of either side becomes one of the other.
#pragma once

#include <memory>
#include <optional>

#include "net/await.h"
#include "net/chunk_pool.h"
#include "net/tunnel.h"
#include "proxy/connection.h"
#include "proxy/ends.h"

namespace proxy::h2 {

class Tunnel final : private ClientEnd::Gone {
 public:
  // What is referred to outlives the tunnel.
  Tunnel(net::Loop& loop, ClientEnd& client, Sink& to_client, Connection origin,
         const net::RelayLimits& limits);
  ~Tunnel();

  // Until both sides have ended, or one failed.
  net::Task<base::Result<void>> run();

 private:
  net::Task<base::Result<void>> up();
  net::Task<base::Result<void>> down();
  net::Task<void> run_up();
  void end_up(base::Result<void> result);
  // Also while nobody asks for what the client says: its octets may wait for the origin, or have
  // ended.
  void on_client_gone(base::Error error) override;
  // Whether nothing has moved for as long as the limits say, in either direction.
  base::Result<void> judge_quiet() const;
  net::Patience patience() const;

  net::Loop& loop_;
  ClientEnd& client_;
  Source& from_client_;
  Sink& to_client_;
  Connection origin_;
  net::RelayLimits limits_;
  net::TunnelStatus status_;
  net::Task<void> up_task_;
  std::optional<base::Result<void>> up_result_;
  net::Event up_over_;
};

}  // namespace proxy::h2
