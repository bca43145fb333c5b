#include "proxy/reach.h"

#include <algorithm>
#include <chrono>

#include "proxy/observe.h"
#include "proxy/permit.h"

namespace proxy {
namespace {

using base::ErrorCode;
using std::chrono::duration_cast;
using std::chrono::microseconds;

// Which of a name's addresses may be dialled, and the decision that stands for them all.
struct Judged {
  std::vector<base::IpAddress> addresses;
  policy::Decision decision;
};

// Mixed answers: denied addresses are dropped, and those that would be denied as well where others
// are left, as enforcing would do. When none is left, the first denial is the reason.
Judged judge_addresses(const policy::Engine& engine, const policy::Request& request,
                       const std::vector<base::IpAddress>& addresses) {
  Judged judged;
  for (const base::IpAddress& address : addresses) {
    policy::Decision decision = engine.for_address(request, address);
    const bool first = judged.decision.rule.empty();
    // Verdicts are in the order of preference.
    if (first || decision.verdict < judged.decision.verdict) {
      judged.addresses.clear();
      judged.decision = std::move(decision);
    } else if (decision.verdict > judged.decision.verdict) {
      continue;
    }
    if (policy::lets_through(judged.decision.verdict)) judged.addresses.push_back(address);
  }
  return judged;
}

}  // namespace

void Reach::observe(Account& account, const http::Authority& target, policy::Kind kind,
                    std::span<const base::IpAddress> addresses) {
  proxy::observe(account, target, kind, addresses, *service_.runtime().observer,
                 service_.tools.worker);
}

base::Result<Place> Reach::enter(Account& account) {
  if (places_ == Places::kOfSession) return Place();
  return service_.tools.doorkeeper.enter_stream(account, service_.caller.endpoint.address,
                                                service_.neighbour.key());
}

std::unique_ptr<OriginConnection> Reach::take(Account& account, const std::string& key,
                                              const OriginPool::Fits& fits) {
  auto place = enter(account);
  if (!place) return nullptr;  // as the dial will say
  auto taken = service_.stock.take(key, fits);
  if (taken != nullptr) taken->place = *std::move(place);
  return taken;
}

std::string Reach::secured_key(const http::Authority& dialled) const {
  return "tls " + dialled.to_string() + " " + service_.caller.endpoint.address.to_string() + " " +
         service_.caller.identity;
}

std::unique_ptr<OriginConnection> Reach::pooled(Account& account, const http::Authority& target) {
  const policy::Request request =
      question(account, service_.caller, policy::Kind::kForward, target);
  const policy::Engine& policy = service_.runtime().policy;
  if (policy.before_dns(request).verdict == policy::Verdict::kDeny) return nullptr;
  policy::Decision decision;
  auto connection = take(account, target.to_string(), [&](const OriginConnection& kept) {
    decision = policy.for_address(request, kept.endpoint.address);
    return policy::lets_through(decision.verdict);
  });
  if (connection == nullptr) return nullptr;
  if (!permit(account, decision, service_.caller.runtime)) return nullptr;
  account.record.origin = connection->endpoint;
  observe(account, target, policy::Kind::kForward, {&connection->endpoint.address, 1});
  return connection;
}

std::unique_ptr<OriginConnection> Reach::pooled_secured(Account& account,
                                                        const http::Authority& dialled) {
  const policy::Request request =
      question(account, service_.caller, policy::Kind::kConnect, dialled);
  const policy::Engine& policy = service_.runtime().policy;
  if (policy.before_dns(request).verdict == policy::Verdict::kDeny) return nullptr;
  policy::Decision decision;
  auto connection = service_.stock.take(secured_key(dialled), [&](const OriginConnection& kept) {
    if (kept.secured->validity.until <= base::wall_now()) return false;
    decision = policy.for_address(request, kept.endpoint.address);
    return policy::lets_through(decision.verdict) && decision.connect == config::Connect::kInspect;
  });
  if (connection == nullptr) return nullptr;
  if (!permit(account, decision, service_.caller.runtime)) return nullptr;
  account.record.origin = connection->endpoint;
  observe(account, dialled, policy::Kind::kConnect, {&connection->endpoint.address, 1});
  return connection;
}

net::Task<Reach::Reached> Reach::connect(Account& account, const http::Authority& target,
                                         policy::Kind kind) {
  const policy::Request request = question(account, service_.caller, kind, target);
  const base::Result<void> by_name =
      permit(account, service_.runtime().policy.before_dns(request), service_.caller.runtime);
  if (!by_name) {
    observe(account, target, kind, {});
    co_return base::fail(by_name.error());
  }

  Tools& tools = service_.tools;
  admin::Metrics& metrics = tools.metrics;
  const config::Timeouts& timeouts = service_.config().timeouts;
  const base::Instant asked = base::steady_now();
  const auto resolver = tools.resolver;  // kept alive over a reload
  auto resolving = resolver->resolve(target.host, tools.now() + service_.config().dns.query_timeout,
                                     service_.neighbour->lookups);
  auto answer = co_await resolving;
  const base::Instant resolved = base::steady_now();
  account.record.phases.dns = duration_cast<microseconds>(resolved - asked);
  if (!answer) {
    admin::bump(metrics.dns_failures);
    observe(account, target, kind, {});
    co_return base::fail(answer.error());
  }
  if (answer->source == net::dns::Answer::Source::kCache) admin::bump(metrics.dns_cache_hits);
  if (answer->source == net::dns::Answer::Source::kQuery) {
    admin::bump(metrics.dns_queries);
    metrics.dns_time.observe(static_cast<std::uint64_t>(account.record.phases.dns.count()));
  }

  Judged judged = judge_addresses(service_.runtime().policy, request, answer->addresses);
  const base::Result<void> by_address = permit(account, judged.decision, service_.caller.runtime);
  observe(account, target, kind, answer->addresses);
  if (!by_address) co_return base::fail(by_address.error());

  auto place = enter(account);
  if (!place) co_return base::fail(place.error());
  auto dialling =
      net::dial_any(tools.loop, std::move(judged.addresses), target.port, timeouts.attempt_delay,
                    tools.now() + timeouts.connect, target.to_string(),
                    net::SpareAttempts{tools.spare_attempts, service_.neighbour->attempts});
  auto dialled = co_await dialling;
  auto taken = take_dialled(account, dialled, resolved);
  if (taken) (*taken)->place = *std::move(place);
  // A relay asks for probes once its tunnel has settled; what forward keeps is in a pool.
  if (taken && kind == policy::Kind::kForward) (*taken)->connection.socket()->keep_alive();
  co_return taken;
}

net::Task<Reach::Reached> Reach::again(Account& account, base::Endpoint endpoint) {
  const config::Timeouts& timeouts = service_.config().timeouts;
  const base::Instant began = base::steady_now();
  std::vector<base::IpAddress> addresses{endpoint.address};
  auto dialling = net::dial_any(service_.tools.loop, std::move(addresses), endpoint.port,
                                timeouts.attempt_delay, service_.tools.now() + timeouts.connect,
                                account.record.target);
  auto dialled = co_await dialling;
  co_return take_dialled(account, dialled, began);
}

Reach::Reached Reach::take_dialled(Account& account, base::Result<net::Dialled>& dialled,
                                   base::Instant since) {
  admin::Metrics& metrics = service_.tools.metrics;
  const auto took = duration_cast<microseconds>(base::steady_now() - since);
  account.record.phases.connect += took;  // there may have been another dial before
  if (!dialled) {
    admin::bump(metrics.origin_connect_failures);
    // Idle connections are the first thing to give up for the next request.
    if (dialled.error().code == ErrorCode::kNoDescriptors) service_.tools.origins.clear();
    return base::fail(dialled.error());
  }
  admin::bump(metrics.origin_connects);
  metrics.connect_time.observe(static_cast<std::uint64_t>(took.count()));
  account.record.origin = dialled->endpoint;
  auto made = std::make_unique<OriginConnection>(std::move(dialled->socket), dialled->endpoint);
  made->runtime = service_.caller.runtime;
  return made;
}

}  // namespace proxy
