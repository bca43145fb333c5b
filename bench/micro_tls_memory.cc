// Heap that an idle inspected connection holds: the TLS stream with the client and the one with the
// origin, their sockets included, after a handshake and an exchange. docs/design/tls.md gives it
// 40 KiB; more is an error here, since memory does not depend on the machine.
#include <benchmark/benchmark.h>
#include <malloc.h>
#include <openssl/ssl.h>

#include <array>
#include <memory>
#include <string>
#include <vector>

#include "net/await.h"
#include "net/io.h"
#include "net/loop.h"
#include "net/socket.h"
#include "tls/authority.h"
#include "tls/client.h"
#include "tls/handshake.h"
#include "tls/server.h"

namespace {

using namespace std::chrono_literals;

constexpr size_t kConnections = 200;
constexpr double kMaxKiB = 40;

enum class Buffers { kReleased, kFreed };  // SSL_MODE_RELEASE_BUFFERS alone, or SSL_free_buffers

struct World {
  // `names`: of the origin's certificate, which the connection to it keeps.
  explicit World(int names) {
    const base::WallTime now = base::wall_now();
    auto root = tls::Authority::create({"Root", now - 1h, now + 1h});
    auto key = tls::PrivateKey::generate();
    std::vector<std::string> all{"good.test"};
    for (int i = 1; i < names; ++i) all.push_back("name-" + std::to_string(i) + ".good.test");
    auto leaf = root->issue({all, now - 1h, now + 1h}, *key);
    tls::TrustStore trust;
    trust.add(root->certificate());
    client = *tls::ClientContext::make(trust, {{"http/1.1"}});
    tls::ServerOptions options;
    options.alpn = {"http/1.1"};
    options.resumption = tls::Resumption::kByTicket;
    server = *tls::ServerContext::make({*leaf}, options);
  }
  std::shared_ptr<const tls::ClientContext> client;
  std::shared_ptr<const tls::ServerContext> server;
};

struct Pair {
  std::unique_ptr<tls::TlsStream> to_origin;
  std::unique_ptr<tls::TlsStream> to_client;
};

size_t heap() { return mallinfo2().uordblks; }

net::Task<void> shake(tls::TlsStream& stream, base::Instant deadline) {
  auto handshake = tls::handshake(stream, deadline);
  const tls::HandshakeOutcome outcome = co_await handshake;
  if (!outcome.info) std::abort();
}

// Sends 20 KiB and takes as much, up to the would-block with which a connection goes idle.
net::Task<void> exchange(tls::TlsStream& stream, const std::string& text, base::Instant deadline) {
  const net::Patience patience{1h, deadline};
  auto writing = net::write_all(stream, text, patience);
  const base::Result<void> written = co_await writing;
  size_t left = written ? text.size() : 0;
  while (left > 0) {
    std::array<char, 4096> buffer;
    auto reading = net::read_some(stream, buffer, patience);
    const base::Result<size_t> got = co_await reading;
    if (!got || *got == 0) std::abort();
    left -= *got;
  }
  char octet = 0;
  if (stream.try_read({&octet, 1}).kind != net::IoResult::Kind::kWouldBlock) std::abort();
}

void finished(void* argument) {
  auto* left = static_cast<std::pair<net::Loop*, int>*>(argument);
  if (--left->second == 0) left->first->stop();
}

void run(net::Loop& loop, net::Task<void> one, net::Task<void> other) {
  std::pair<net::Loop*, int> left{&loop, 3};
  one.start(finished, &left);
  other.start(finished, &left);
  if (--left.second > 0) loop.run();
}

Pair connect(const World& world, net::Loop& loop, int version, Buffers buffers) {
  auto [server_side, client_side] = net::socket_pair(loop);
  static const tls::PeerName kPeer = *tls::PeerName::parse("good.test");
  Pair pair{*world.client->make_stream(std::move(client_side), kPeer),
            *world.server->make_stream(std::move(server_side))};
  SSL_set_max_proto_version(pair.to_client->raw(), version);
  const base::Instant deadline = loop.now() + 1h;
  run(loop, shake(*pair.to_origin, deadline), shake(*pair.to_client, deadline));
  const std::string text(20'000, 'x');
  run(loop, exchange(*pair.to_origin, text, deadline), exchange(*pair.to_client, text, deadline));
  if (buffers == Buffers::kFreed) {
    SSL_free_buffers(pair.to_origin->raw());
    SSL_free_buffers(pair.to_client->raw());
  }
  return pair;
}

void idle_pair(benchmark::State& state, int version, Buffers buffers, int names) {
  const World world(names);
  double kib = 0;
  for (auto _ : state) {
    net::Loop loop;
    std::vector<Pair> pairs;
    pairs.reserve(kConnections);
    // What is allocated once comes with the first.
    pairs.push_back(connect(world, loop, version, buffers));
    const size_t before = heap();
    for (size_t i = 1; i < kConnections; ++i) {
      pairs.push_back(connect(world, loop, version, buffers));
    }
    kib = static_cast<double>(heap() - before) / 1024 / (kConnections - 1);
  }
  state.counters["KiB_per_pair"] = kib;
  if (kib > kMaxKiB) state.SkipWithError("an idle pair holds more than 40 KiB");
}

BENCHMARK_CAPTURE(idle_pair, tls13, TLS1_3_VERSION, Buffers::kReleased, 1)->Iterations(1);
BENCHMARK_CAPTURE(idle_pair, tls13_free_buffers, TLS1_3_VERSION, Buffers::kFreed, 1)->Iterations(1);
BENCHMARK_CAPTURE(idle_pair, tls13_40_names, TLS1_3_VERSION, Buffers::kReleased, 40)->Iterations(1);
BENCHMARK_CAPTURE(idle_pair, tls12, TLS1_2_VERSION, Buffers::kReleased, 1)->Iterations(1);
BENCHMARK_CAPTURE(idle_pair, tls12_free_buffers, TLS1_2_VERSION, Buffers::kFreed, 1)->Iterations(1);
BENCHMARK_CAPTURE(idle_pair, tls12_40_names, TLS1_2_VERSION, Buffers::kReleased, 40)->Iterations(1);

}  // namespace
