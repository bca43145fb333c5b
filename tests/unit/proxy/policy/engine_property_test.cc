// The engine against a naive reading of the rules, on random policies and targets.
#include <gtest/gtest.h>

#include <algorithm>

#include <chrono>
#include <random>

#include "proxy/policy/address_guard.h"
#include "tests/unit/proxy/policy/policy_values.h"

namespace proxy::policy {
namespace {

using base::ErrorCode;
using config::Action;

class Generator {
 public:
  explicit Generator(unsigned seed) : random_(seed) {}

  size_t below(size_t limit) { return random_() % limit; }
  template <typename T>
  const T& pick(const std::vector<T>& list) {
    return list[below(list.size())];
  }

  config::Rule rule(size_t number) {
    config::Rule rule =
        below(2) == 0 ? allow("r" + std::to_string(number)) : deny("r" + std::to_string(number));
    while (below(3) != 0) rule.hosts.push_back(pick(patterns_));
    while (below(4) == 0) rule.addresses.push_back(base::Cidr::parse(pick(ranges_)).value());
    while (below(4) == 0) rule.ports.push_back(pick(ports_));
    while (below(6) == 0) rule.sources.push_back(base::Cidr::parse(pick(sources_)).value());
    return rule;
  }
  config::Policy make_policy() {
    config::Policy value = policy({}, below(2) == 0 ? Action::kAllow : Action::kDeny);
    value.allow_metadata = below(2) == 0;
    for (size_t i = 0, count = below(8); i < count; ++i) value.rules.push_back(rule(i));
    return value;
  }
  http::Authority target() {
    return authority(below(4) == 0 ? pick(addresses_) : pick(names_), pick(ports_));
  }
  base::IpAddress address() { return ip(pick(addresses_)); }
  base::IpAddress client() { return ip(pick(clients_)); }
  Kind kind() { return below(2) == 0 ? Kind::kConnect : Kind::kForward; }

 private:
  std::mt19937 random_;
  std::vector<std::string> patterns_{"a.com",   ".a.com",    "*.a.com",    ".com",
                                     "b.a.com", ".internal", "x.internal", "localhost",
                                     "8.8.8.8", "*.b.a.com"};
  std::vector<std::string> ranges_{"8.8.8.0/24", "10.0.0.0/8", "0.0.0.0/0",
                                   "::/0",       "fd00::/8",   "169.254.169.254/32"};
  std::vector<std::string> sources_{"10.0.0.0/8", "192.168.0.0/16", "::1/128"};
  std::vector<std::uint16_t> ports_{443, 80, 22, 8443};
  std::vector<std::string> names_{"a.com",      "b.a.com",   "c.b.a.com", "d.com",
                                  "x.internal", "localhost", "e.org",     "ba.com"};
  std::vector<std::string> addresses_{
      "8.8.8.8", "9.9.9.9",      "10.1.1.1",  "::ffff:10.1.1.1",  "169.254.169.254",
      "fd00::1", "2606:4700::1", "224.0.0.1", "64:ff9b::808:808", "127.0.0.1"};
  std::vector<std::string> clients_{"10.1.2.3", "192.168.1.1", "::1", "::ffff:10.0.0.1"};
};

bool contains(const std::vector<base::Cidr>& ranges, const base::IpAddress& address) {
  for (const auto& range : ranges) {
    if (range.contains(address) || range.contains(address.unmapped())) return true;
  }
  return false;
}

bool host_matches(const std::string& pattern, const http::Authority& target) {
  if (pattern == target.host) return true;
  if (target.literal) return false;
  if (pattern.starts_with("*.")) return target.host.ends_with(pattern.substr(1));
  return pattern.starts_with(".") &&
         (target.host == pattern.substr(1) || target.host.ends_with(pattern));
}

bool matches_but_for_address(const config::Rule& rule, const Request& request) {
  bool host = rule.hosts.empty();
  for (const auto& pattern : rule.hosts) host |= host_matches(pattern, request.target);
  bool port = rule.ports.empty();
  for (const auto each : rule.ports) port |= each == request.target.port;
  return host && port && (rule.sources.empty() || contains(rule.sources, request.client));
}

// What denies the request whatever its address, given the rule that matched; "" when nothing does.
std::string denial_by(const config::Policy& value, const config::Rule* match,
                      const Request& request) {
  const auto action = match != nullptr ? match->action : value.default_action;
  if (action == Action::kDeny) return match != nullptr ? match->name : "default";
  const auto port = request.target.port;
  const bool listed = match != nullptr && !match->ports.empty();
  if (request.kind == Kind::kConnect && port != 443 && port != 80 && !listed) {
    return "connect-ports";
  }
  const auto& closed = value.closed_ports;
  const bool is_closed = std::find(closed.begin(), closed.end(), port) != closed.end();
  if (request.kind == Kind::kForward && is_closed && !listed) return "closed-ports";
  const bool host_listed = match != nullptr && !match->hosts.empty();
  const bool local = !request.target.literal && is_local_name(request.target.host);
  return local && !host_listed ? "address-guard" : "";
}

// The same with the address.
std::string naive_denial(const config::Policy& value, const Request& request,
                         const base::IpAddress& address) {
  const config::Rule* match = nullptr;
  for (const auto& rule : value.rules) {
    const bool at_address = rule.addresses.empty() || contains(rule.addresses, address);
    if (match == nullptr && at_address && matches_but_for_address(rule, request)) match = &rule;
  }
  if (std::string denial = denial_by(value, match, request); !denial.empty()) return denial;
  const bool named = match != nullptr && !match->addresses.empty();
  switch (guard(address).guard) {
    case Guard::kPublic: return "";
    case Guard::kClosed: return named ? "" : "address-guard";
    case Guard::kHard: return named && value.allow_metadata ? "" : "address-guard";
    case Guard::kNever: break;
  }
  return "address-guard";
}

// Before the address of a name is known: the ways it can go, the last one certain to be taken when
// no rule with addresses takes the request first.
Verdict naive_before_dns(const config::Policy& value, const Request& request) {
  std::vector<const config::Rule*> ways;
  for (const auto& rule : value.rules) {
    if (!matches_but_for_address(rule, request)) continue;
    ways.push_back(&rule);
    if (rule.addresses.empty()) break;
  }
  if (ways.empty() || !ways.back()->addresses.empty()) ways.push_back(nullptr);
  size_t allowing = 0;
  for (const auto* way : ways) allowing += denial_by(value, way, request).empty() ? 1U : 0U;
  if (allowing == 0) return Verdict::kDeny;
  return ways.size() == 1 ? Verdict::kAllow : Verdict::kNeedsAddress;
}

TEST(PolicyProperty, AgreesWithANaiveReadingOfTheRules) {
  Generator random(7);
  int needed = 0;
  for (int round = 0; round < 3'000; ++round) {
    const config::Policy value = random.make_policy();
    const Engine rules = engine(value);
    for (int i = 0; i < 10; ++i) {
      const http::Authority target = random.target();
      const Request request{random.client(), random.kind(), target};
      const base::IpAddress address = target.literal ? *target.literal : random.address();
      const std::string denial = naive_denial(value, request, address);
      const Decision decision = rules.for_address(request, address);
      ASSERT_EQ(decision.verdict == Verdict::kDeny, !denial.empty()) << target.to_string();
      if (!denial.empty()) {
        ASSERT_EQ(decision.rule, denial) << target.to_string();
        ASSERT_FALSE(decision.reason.empty());
        ASSERT_FALSE(decision.next_step.empty());
      }
      const Verdict early = rules.before_dns(request).verdict;
      ASSERT_EQ(early, target.literal ? decision.verdict : naive_before_dns(value, request));
      needed += early == Verdict::kNeedsAddress ? 1 : 0;
    }
  }
  EXPECT_GT(needed, 1'000);
}

// What report-only lets through is exactly what the same rules deny and an empty list of rules with
// the default action allow lets through; all else is as enforced.
TEST(PolicyProperty, ReportOnlyOpensNothingThatAnUnknownPublicDestinationLacks) {
  Generator random(11);
  int reported = 0;
  for (int round = 0; round < 3'000; ++round) {
    config::Policy value = random.make_policy();
    const Engine enforced = engine(value);
    value.enforce = config::Enforce::kReport;
    const Engine reporting = engine(value);
    const Engine bare = engine(policy({}));
    for (int i = 0; i < 10; ++i) {
      const http::Authority target = random.target();
      const Request request{random.client(), random.kind(), target};
      const base::IpAddress address = target.literal ? *target.literal : random.address();
      const Decision before = enforced.for_address(request, address);
      const Decision after = reporting.for_address(request, address);
      const bool by_rules = before.verdict == Verdict::kDeny && before.code == ErrorCode::kDenied;
      if (!by_rules) {
        ASSERT_EQ(after.verdict, before.verdict) << target.to_string();
        continue;
      }
      const Verdict unruled = bare.for_address(request, address).verdict;
      ASSERT_EQ(after.verdict, unruled == Verdict::kAllow ? Verdict::kWouldDeny : Verdict::kDeny)
          << target.to_string() << " at " << address.to_string();
      if (after.verdict != Verdict::kWouldDeny) continue;
      ++reported;
      ASSERT_EQ(after.rule, before.rule);
      ASSERT_EQ(guard(address).guard, Guard::kPublic);
      const Verdict early = reporting.before_dns(request).verdict;
      ASSERT_NE(early, Verdict::kDeny) << "it would never be resolved";
    }
  }
  EXPECT_GT(reported, 1'000);
}

TEST(PolicyProperty, DecidesTenThousandRulesFast) {
  config::Policy value = policy({});
  for (size_t i = 0; i < 10'000; ++i) {
    const std::string name = "r" + std::to_string(i);
    if (i % 2 == 0) {
      value.rules.push_back(with_hosts(deny(name), {"." + name + ".example"}));
    } else {
      value.rules.push_back(with_addresses(deny(name), {"203.0.113.0/24"}));
    }
  }
  const Engine rules = engine(value);
  const auto target = authority("www.shop.example.com");
  const auto start = std::chrono::steady_clock::now();
  constexpr int kRounds = 20;
  for (int i = 0; i < kRounds; ++i) {
    ASSERT_EQ(ask_address(rules, target, "8.8.8.8").verdict, Verdict::kAllow);
  }
  // 200 µs is the aim for an optimized build; sanitizers and a busy machine cost the rest.
  EXPECT_LT((std::chrono::steady_clock::now() - start) / kRounds, std::chrono::milliseconds(20));
}

}  // namespace
}  // namespace proxy::policy
