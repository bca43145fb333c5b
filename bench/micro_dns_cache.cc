// Names to addresses from the cache, which most requests take: with as many names in it as it
// holds.
#include <benchmark/benchmark.h>

#include <chrono>
#include <string>
#include <vector>

#include "net/dns/cache.h"

namespace {

using std::chrono::seconds;

constexpr base::Instant kStart{std::chrono::hours(7)};
constexpr std::uint32_t kEntries = 4096;  // the default of dns.cache_entries
const net::dns::CacheLimits kLimits{kEntries, seconds(5), seconds(300), seconds(5)};

std::vector<std::string> names(std::uint32_t count) {
  std::vector<std::string> all;
  for (std::uint32_t i = 0; i < count; ++i) {
    all.push_back("r" + std::to_string(i) + ".data.mcr.microsoft.com");
  }
  return all;
}

net::dns::Outcome addresses() {
  net::dns::Outcome outcome{net::dns::Verdict::kAddresses, {}, 60};
  for (std::uint8_t i = 1; i <= 4; ++i) {
    outcome.addresses.push_back(base::IpAddress::v4({192, 0, 2, i}));
  }
  return outcome;
}

void hit(benchmark::State& state) {
  net::dns::Cache cache(kLimits);
  const auto all = names(kEntries);
  for (const std::string& name : all) cache.store(name, addresses(), kStart);
  std::size_t next = 0;
  for (auto _ : state) {
    const net::dns::Outcome* outcome = cache.find(all[next++ % all.size()], kStart);
    if (outcome == nullptr) state.SkipWithError("not in the cache");
    benchmark::DoNotOptimize(outcome);
  }
}
BENCHMARK(hit);

void miss(benchmark::State& state) {
  net::dns::Cache cache(kLimits);
  for (const std::string& name : names(kEntries)) cache.store(name, addresses(), kStart);
  for (auto _ : state) {
    const net::dns::Outcome* outcome = cache.find("unknown.example.org", kStart);
    if (outcome != nullptr) state.SkipWithError("in the cache");
    benchmark::DoNotOptimize(outcome);
  }
}
BENCHMARK(miss);

// Twice as many names as there is room: every store makes the least recently used one go.
void store(benchmark::State& state) {
  net::dns::Cache cache(kLimits);
  const auto all = names(2 * kEntries);
  const net::dns::Outcome outcome = addresses();
  std::size_t next = 0;
  for (auto _ : state) cache.store(all[next++ % all.size()], outcome, kStart);
  if (cache.size() > kEntries) state.SkipWithError("more entries than allowed");
}
BENCHMARK(store);

}  // namespace
