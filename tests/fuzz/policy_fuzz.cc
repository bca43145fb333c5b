// Lines: host, resolved address, then a rule each: "a" or "d", followed by a prefix or a host
// pattern.
#include <cstdint>
#include <cstdlib>
#include <sstream>

#include "proxy/policy/address_guard.h"
#include "proxy/policy/engine.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::istringstream lines(std::string(reinterpret_cast<const char*>(data), size));
  std::string host;
  std::string line;
  if (!std::getline(lines, host) || host.size() > 253 || !std::getline(lines, line)) return 0;
  const auto address = base::IpAddress::parse(line).value_or(base::IpAddress());
  config::Policy policy;
  while (std::getline(lines, line) && policy.rules.size() < 64) {
    config::Rule rule;
    rule.name = line;
    rule.action = line.starts_with('a') ? config::Action::kAllow : config::Action::kDeny;
    if (!line.empty()) line.erase(0, 1);
    if (const auto prefix = base::Cidr::parse(line)) rule.addresses.push_back(*prefix);
    if (rule.addresses.empty() && !line.empty()) rule.hosts.push_back(line);
    policy.rules.push_back(std::move(rule));
  }
  const proxy::policy::Engine engine(policy, {}, {});
  const http::Authority target{host, base::IpAddress::parse(host), 443};
  const proxy::policy::Request request{address, proxy::policy::Kind::kConnect, target};
  const auto early = engine.before_dns(request).verdict;
  const auto decision = engine.for_address(request, target.literal.value_or(address));
  const bool allowed = decision.verdict == proxy::policy::Verdict::kAllow;
  const auto danger = proxy::policy::guard(target.literal.value_or(address)).guard;
  if (allowed && danger >= proxy::policy::Guard::kHard) std::abort();
  if (allowed && early == proxy::policy::Verdict::kDeny) std::abort();
  policy.enforce = config::Enforce::kReport;
  const proxy::policy::Engine reporting(policy, {}, {});
  const auto reported = reporting.for_address(request, target.literal.value_or(address));
  const bool only_reported = reported.verdict == proxy::policy::Verdict::kWouldDeny;
  // What rules would deny is let through to public addresses alone.
  if (only_reported && (allowed || danger != proxy::policy::Guard::kPublic)) std::abort();
  return 0;
}
