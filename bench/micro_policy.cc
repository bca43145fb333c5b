// A decision with 10 000 rules, which must cost about what it costs with ten: rules are found by
// the host's labels, not by trying them (proxy/policy/rule_index.h).
#include <benchmark/benchmark.h>

#include <string>
#include <string_view>
#include <utility>

#include "proxy/policy/engine.h"

namespace {

using proxy::policy::Decision;
using proxy::policy::Engine;

constexpr std::uint16_t kPort = 443;

// Rules for tenants "rN.example.com" and all below, and in front of them one that names addresses.
config::Policy rules(std::int64_t count) {
  config::Policy policy;
  policy.default_action = config::Action::kDeny;
  config::Rule addresses;
  addresses.name = "private-endpoints";
  addresses.action = config::Action::kAllow;
  addresses.hosts = {".blob.example.net"};
  addresses.addresses = {*base::Cidr::parse("10.225.0.0/24")};
  policy.rules.push_back(std::move(addresses));
  for (std::int64_t i = 0; i < count; ++i) {
    config::Rule rule;
    rule.name = "tenant-" + std::to_string(i);
    rule.action = i % 3 == 0 ? config::Action::kDeny : config::Action::kAllow;
    rule.hosts = {".r" + std::to_string(i) + ".example.com"};
    rule.ports = {kPort};
    policy.rules.push_back(std::move(rule));
  }
  return policy;
}

void decide(benchmark::State& state, const std::string& host, proxy::policy::Verdict expected) {
  const Engine engine(rules(state.range(0)), {}, {});
  const http::Authority target{host, std::nullopt, kPort};
  const proxy::policy::Request request{base::IpAddress::v4({10, 224, 0, 7}),
                                       proxy::policy::Kind::kConnect, target};
  for (auto _ : state) {
    const Decision decision = engine.before_dns(request);
    if (decision.verdict != expected) state.SkipWithError("not the decision that was expected");
    benchmark::DoNotOptimize(decision);
  }
}

void allowed(benchmark::State& state) {
  // Near the end of the list, and not one of those that deny.
  const std::int64_t number = state.range(0) - state.range(0) % 3 - 2;
  decide(state, "api.r" + std::to_string(number) + ".example.com", proxy::policy::Verdict::kAllow);
}
BENCHMARK(allowed)->Arg(10)->Arg(10'000);

void denied_by_default(benchmark::State& state) {
  decide(state, "a.b.c.unknown.example.org", proxy::policy::Verdict::kDeny);
}
BENCHMARK(denied_by_default)->Arg(10)->Arg(10'000);

// The second step, for a resolved address: the rules again and the address guard.
void address(benchmark::State& state) {
  const Engine engine(rules(state.range(0)), {}, {});
  const http::Authority target{"x.blob.example.net", std::nullopt, kPort};
  const proxy::policy::Request request{base::IpAddress::v4({10, 224, 0, 7}),
                                       proxy::policy::Kind::kConnect, target};
  const base::IpAddress resolved = base::IpAddress::v4({10, 225, 0, 9});
  for (auto _ : state) {
    const Decision decision = engine.for_address(request, resolved);
    if (decision.verdict != proxy::policy::Verdict::kAllow) state.SkipWithError("not allowed");
    benchmark::DoNotOptimize(decision);
  }
}
BENCHMARK(address)->Arg(10)->Arg(10'000);

}  // namespace
