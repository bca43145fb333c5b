// What a leaf costs when it is minted and when it is at hand, and which parts of minting cost most.
#include <benchmark/benchmark.h>

#include <memory>
#include <string>
#include <vector>

#include "tls/leaf_cache.h"

namespace {

using namespace std::chrono_literals;

const base::WallTime kNow = base::wall_now();

std::shared_ptr<const tls::LeafIssuer> make_issuer() {
  auto authority = tls::Authority::create({"Bench CA", kNow - 24h, kNow + 24h * 365});
  return *tls::LeafIssuer::make(std::move(*authority));
}

tls::PeerName name(std::int64_t number) {
  return *tls::PeerName::parse("host-" + std::to_string(number) + ".example.com");
}

void leaf_minted(benchmark::State& state) {
  const auto issuer = make_issuer();
  const tls::PeerName peer = name(1);
  for (auto _ : state) {
    auto leaf = issuer->issue(peer, {}, kNow);
    if (!leaf) state.SkipWithError("not minted");
    benchmark::DoNotOptimize(leaf);
  }
}
BENCHMARK(leaf_minted);

// Through a full cache, each name new: minting and eviction.
void leaf_new_to_a_full_cache(benchmark::State& state) {
  tls::LeafCache cache(make_issuer(), 256);
  std::int64_t number = 0;
  for (; number < 256; ++number) (void)cache.leaf_for(name(number), {}, kNow);
  for (auto _ : state) {
    auto leaf = cache.leaf_for(name(number++), {}, kNow);
    if (!leaf) state.SkipWithError("not minted");
    benchmark::DoNotOptimize(leaf);
  }
}
BENCHMARK(leaf_new_to_a_full_cache);

// Round robin over names in use.
void leaf_at_hand(benchmark::State& state) {
  constexpr std::int64_t kNames = 1000;
  tls::LeafCache cache(make_issuer());
  std::vector<tls::PeerName> names;
  names.reserve(kNames);
  for (std::int64_t i = 0; i < kNames; ++i) names.push_back(name(i));
  if (cache.warm(names, kNow) != kNames) state.SkipWithError("not warm");
  size_t next = 0;
  for (auto _ : state) {
    auto leaf = cache.leaf_for(names[next], {}, kNow);
    benchmark::DoNotOptimize(leaf);
    next = (next + 1) % names.size();
  }
  if (cache.counts().minted != kNames) state.SkipWithError("minted again");
}
BENCHMARK(leaf_at_hand);

void key_generated(benchmark::State& state) {
  for (auto _ : state) {
    auto key = tls::PrivateKey::generate();
    benchmark::DoNotOptimize(key);
  }
}
BENCHMARK(key_generated);

}  // namespace
