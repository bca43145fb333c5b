// What limits of a client cost: a look at a request's token bucket, and a connection that comes and
// goes (proxy/admission.h).
#include <benchmark/benchmark.h>

#include <chrono>
#include <string>

#include "base/clock.h"
#include "proxy/admission.h"

namespace {

using proxy::Admission;

const std::string kClient("4\x0a\x01\x02\x03", 5);

void request(benchmark::State& state) {
  Admission admission;
  admission.enter(kClient, {.total = 1000}, base::steady_now());
  base::Instant now = base::steady_now();
  for (auto _ : state) {
    now += std::chrono::microseconds(1);
    benchmark::DoNotOptimize(admission.allows(kClient, Admission::Deed::kRequest, 1'000'000, now));
  }
}
BENCHMARK(request);

void connection(benchmark::State& state) {
  Admission admission;
  const Admission::Limits limits{
      .total = 1000, .connections_per_second = static_cast<std::uint32_t>(state.range(0))};
  base::Instant now = base::steady_now();
  for (auto _ : state) {
    now += std::chrono::microseconds(1);
    benchmark::DoNotOptimize(admission.enter(kClient, limits, now));
    admission.leave(kClient);
  }
}
BENCHMARK(connection)->Arg(0)->Arg(1'000'000);

}  // namespace
