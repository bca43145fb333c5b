// What a full handshake with an inspected client costs us: CPU time of the server's side alone,
// with a client in the same process over memory. A leaf as it is minted, and one that is settled.
#include <benchmark/benchmark.h>

#include <ctime>
#include <memory>

#include "net/memory_wire.h"
#include "tls/client.h"
#include "tls/leaf_issuer.h"
#include "tls/leaf_server.h"

namespace {

using namespace std::chrono_literals;
using Progress = tls::TlsStream::Progress;

double cpu_seconds() {
  std::timespec time{};
  ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_nsec) * 1e-9;
}

// The server's CPU time of one connection, from its making to its end; negative when it failed.
double shake(const tls::LeafServer& server, const tls::Leaf& leaf,
             const tls::ClientContext& client_context) {
  net::MemoryWire wire;
  auto client = client_context.make_stream(wire.client_end(), leaf.name);
  auto below = wire.server_end();
  double begin = cpu_seconds();
  auto stream = server.make_stream(std::move(below), leaf);
  double spent = cpu_seconds() - begin;
  Progress at_server = Progress::kWouldBlock;
  Progress at_client = Progress::kWouldBlock;
  while (at_server != Progress::kDone || at_client != Progress::kDone) {
    at_client = (*client)->try_handshake();
    begin = cpu_seconds();
    at_server = (*stream)->try_handshake();
    spent += cpu_seconds() - begin;
    if (at_client == Progress::kFailed || at_server == Progress::kFailed) return -1;
  }
  begin = cpu_seconds();
  stream->reset();
  return spent + cpu_seconds() - begin;
}

struct Bench {
  base::WallTime now = base::wall_now();
  tls::Authority authority = *tls::Authority::create({"Bench CA", now - 24h, now + 24h * 365});
  std::shared_ptr<const tls::LeafServer> server = *tls::LeafServer::make();
  std::shared_ptr<const tls::LeafIssuer> issuer = *tls::LeafIssuer::make(authority);
  std::shared_ptr<const tls::Leaf> leaf =
      *issuer->issue(*tls::PeerName::parse("good.test"), {}, now);
};

void shake_often(benchmark::State& state, const Bench& bench, const tls::Leaf& leaf) {
  tls::TrustStore trust;
  trust.add(bench.authority.certificate());
  const auto client = *tls::ClientContext::make(trust, {{"h2", "http/1.1"}});
  for (auto _ : state) {
    const double seconds = shake(*bench.server, leaf, *client);
    if (seconds < 0) {
      state.SkipWithError("the handshake failed");
      break;
    }
    state.SetIterationTime(seconds);
  }
}

void handshake_with_client(benchmark::State& state) {
  const Bench bench;
  shake_often(state, bench, *bench.leaf);
}
BENCHMARK(handshake_with_client)->UseManualTime();

void handshake_settled(benchmark::State& state) {
  const Bench bench;
  shake_often(state, bench, **tls::LeafServer::settle(*bench.leaf));
}
BENCHMARK(handshake_settled)->UseManualTime();

void leaf_settled(benchmark::State& state) {
  const Bench bench;
  for (auto _ : state) {
    auto leaf = tls::LeafServer::settle(*bench.leaf);
    benchmark::DoNotOptimize(leaf);
  }
}
BENCHMARK(leaf_settled);

void connection_made(benchmark::State& state) {
  const Bench bench;
  net::MemoryWire wire;
  for (auto _ : state) {
    auto stream = bench.server->make_stream(wire.server_end(), *bench.leaf);
    benchmark::DoNotOptimize(stream);
  }
}
BENCHMARK(connection_made);

}  // namespace
