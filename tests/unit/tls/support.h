// Two ends of a wire in one loop, and tasks that speak TLS over it.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "net/loop.h"
#include "net/socket.h"
#include "net/task.h"
#include "tls/authority.h"
#include "tls/client.h"
#include "tls/handshake.h"
#include "tls/server.h"

namespace tls_test {

// How much a stream moves at a time: all it can, or one octet with a would-block after each.
enum class Pace { kWhole, kDrip };

using StreamPtr = std::unique_ptr<net::Stream>;
using TlsPtr = std::unique_ptr<tls::TlsStream>;

// The client's end and the server's end of a connection.
struct Wire {
  StreamPtr client_end;
  StreamPtr server_end;
};
Wire make_wire(net::Loop& loop, Pace pace = Pace::kWhole);

// Starts all tasks and runs the loop until the last has finished.
void run(net::Loop& loop, std::vector<net::Task<void>> tasks);

struct Ends {
  TlsPtr client;
  TlsPtr server;
  std::optional<tls::HandshakeOutcome> at_client;
  std::optional<tls::HandshakeOutcome> at_server;

  bool both_done() const { return at_client->info.has_value() && at_server->info.has_value(); }
};
// Runs both handshakes to their ends. A side that fails hangs up, as its owner would.
Ends shake(net::Loop& loop, TlsPtr client, TlsPtr server);

// A deadline that no test meets, however starved its machine: the test runner's limit ends one that
// hangs.
base::Instant soon_enough(net::Loop& loop);

// One handshake, its outcome left in `outcome`.
net::Task<void> shake_one(tls::TlsStream& stream, base::Instant deadline,
                          std::optional<tls::HandshakeOutcome>& outcome);
// Writes `text`, then ends our side.
net::Task<void> say(net::Stream& stream, std::string text, base::Instant deadline);
// Reads to the end; `error` stays empty when that was in good order.
net::Task<void> listen(net::Stream& stream, std::string& heard, std::optional<base::Error>& error,
                       base::Instant deadline);

// The first try_read that does not say would-block, waiting as readers do; kWouldBlock after a
// deadline.
net::IoResult read_once(net::Loop& loop, net::Stream& stream, std::span<char> into);

// An authority that the client believes, and a server for good.test that it issued.
struct World {
  World();
  tls::Authority root;
  tls::PrivateKey key;
  std::shared_ptr<const tls::ClientContext> client;
  std::shared_ptr<const tls::ServerContext> server;

  tls::Identity leaf(std::vector<std::string> names) const;
  // Both sides of a connection to `host`, before the handshake.
  Ends connect(Wire wire, std::string_view host = "good.test") const;
};

// Value or abort, for what can't fail in a test.
template <typename T>
T must(base::Result<T> result) {
  if (!result) {
    std::fprintf(stderr, "unexpected: %s\n", result.error().detail.c_str());
    std::abort();
  }
  return std::move(*result);
}

}  // namespace tls_test
