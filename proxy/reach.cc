// From a target to a connected origin: policy on the name, resolution, policy on every address, and
// a race over those that passed. Only checked addresses are dialled, and no name is looked up
// twice.
#include <algorithm>
#include <chrono>

#include "proxy/session.h"
#include "proxy/worker.h"

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

// Takes note of a decision; a denial becomes the error that the client gets.
base::Result<void> Session::permit(Account& account, const policy::Decision& decision) {
  account.record.rule = decision.rule;
  account.record.verdict = decision.verdict;
  account.connect = decision.connect;
  account.judged_by = caller_.runtime;
  account.inspect_for = decision.inspect_for;
  account.next_step.clear();
  if (decision.verdict != policy::Verdict::kDeny) {
    const bool hidden = !decision.inspect_for.empty() && caller_.runtime->tls->issuer == nullptr;
    if (!hidden) return {};
    account.record.verdict = policy::Verdict::kDeny;
    account.record.rule = decision.inspect_for;
    account.next_step = "set tls.ca_certificate and tls.ca_key, or take them out of the rule";
    return base::fail(ErrorCode::kDenied, base::Party::kClient,
                      "the rule " + std::string(decision.inspect_for) +
                          " judges methods or paths, which a tunnel hides, and there is no "
                          "inspection CA");
  }
  account.next_step = decision.next_step;
  return base::fail(decision.code, base::Party::kClient, decision.reason);
}

// Streams may need an origin connection each, where a session's exchanges come one after the other.
base::Result<Place> Session::place_for_dial(Account& account) {
  if (h2_ == nullptr) return Place();
  return worker_.enter_stream(account, *this);
}

std::unique_ptr<OriginConnection> Session::take_pooled(Account& account, const std::string& key,
                                                       const OriginPool::Fits& fits) {
  auto place = place_for_dial(account);
  if (!place) return nullptr;  // as the dial will say
  std::unique_ptr<OriginConnection> taken;
  if (own_origins_ != nullptr) taken = own_origins_->take(key, caller_.runtime.get(), fits);
  if (taken == nullptr) taken = worker_.origins().take(key, caller_.runtime.get(), fits);
  if (taken != nullptr) taken->place = *std::move(place);
  return taken;
}

// Opened for a request that was allowed; this client must be allowed as well, before it takes one.
std::unique_ptr<OriginConnection> Session::pooled(Account& account, const http::Authority& target) {
  const policy::Request request{
      caller_.endpoint.address, policy::Kind::kForward, target,
      caller_.identity,         account.record.method,  account.path_and_query};
  if (caller_.runtime->policy.before_dns(request).verdict == policy::Verdict::kDeny) return nullptr;
  policy::Decision decision;
  auto connection = take_pooled(account, target.to_string(), [&](const OriginConnection& kept) {
    decision = caller_.runtime->policy.for_address(request, kept.endpoint.address);
    return policy::lets_through(decision.verdict);
  });
  if (connection == nullptr) return nullptr;
  account.record.rule = decision.rule;
  account.record.verdict = decision.verdict;
  account.record.origin = connection->endpoint;
  observe(account, target, policy::Kind::kForward, {&connection->endpoint.address, 1});
  return connection;
}

net::Task<base::Result<std::unique_ptr<OriginConnection>>> Session::reach(
    Account& account, const http::Authority& target, policy::Kind kind) {
  const policy::Request request{
      caller_.endpoint.address, kind, target, caller_.identity, account.record.method,
      account.path_and_query};
  const base::Result<void> by_name = permit(account, caller_.runtime->policy.before_dns(request));
  if (!by_name) {
    observe(account, target, kind, {});
    co_return base::fail(by_name.error());
  }

  admin::Metrics& metrics = worker_.counters();
  const config::Timeouts& timeouts = caller_.runtime->config.timeouts;
  const base::Instant asked = base::steady_now();
  const auto resolver = worker_.resolver();  // kept alive over a reload
  auto resolving = resolver->resolve(target.host, now() + caller_.runtime->config.dns.query_timeout,
                                     neighbour_->lookups);
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

  Judged judged = judge_addresses(caller_.runtime->policy, request, answer->addresses);
  const base::Result<void> by_address = permit(account, judged.decision);
  observe(account, target, kind, answer->addresses);
  if (!by_address) co_return base::fail(by_address.error());

  auto place = place_for_dial(account);
  if (!place) co_return base::fail(place.error());
  auto dialling =
      net::dial_any(worker_.loop(), std::move(judged.addresses), target.port,
                    timeouts.attempt_delay, now() + timeouts.connect, target.to_string(),
                    net::SpareAttempts{worker_.spare_attempts(), neighbour_->attempts});
  auto dialled = co_await dialling;
  auto taken = take_dialled(account, dialled, resolved);
  if (taken) (*taken)->place = *std::move(place);
  // A relay asks for probes once its tunnel has settled; what forward keeps is in a pool.
  if (taken && kind == policy::Kind::kForward) (*taken)->connection.socket()->keep_alive();
  co_return taken;
}

// Another connection to an address that policy has judged for this exchange: neither is the name
// looked up again, nor is the verdict touched.
net::Task<base::Result<std::unique_ptr<OriginConnection>>> Session::reach_again(
    Account& account, base::Endpoint endpoint) {
  const config::Timeouts& timeouts = caller_.runtime->config.timeouts;
  const base::Instant began = base::steady_now();
  std::vector<base::IpAddress> addresses{endpoint.address};
  auto dialling =
      net::dial_any(worker_.loop(), std::move(addresses), endpoint.port, timeouts.attempt_delay,
                    now() + timeouts.connect, account.record.target);
  auto dialled = co_await dialling;
  co_return take_dialled(account, dialled, began);
}

base::Result<std::unique_ptr<OriginConnection>> Session::take_dialled(
    Account& account, base::Result<net::Dialled>& dialled, base::Instant since) {
  admin::Metrics& metrics = worker_.counters();
  account.record.phases.connect = duration_cast<microseconds>(base::steady_now() - since);
  if (!dialled) {
    admin::bump(metrics.origin_connect_failures);
    // Idle connections are the first thing to give up for the next request.
    if (dialled.error().code == ErrorCode::kNoDescriptors) worker_.origins().clear();
    return base::fail(dialled.error());
  }
  admin::bump(metrics.origin_connects);
  metrics.connect_time.observe(static_cast<std::uint64_t>(account.record.phases.connect.count()));
  account.record.origin = dialled->endpoint;
  auto made = std::make_unique<OriginConnection>(std::move(dialled->socket), dialled->endpoint);
  made->runtime = caller_.runtime;
  return made;
}

}  // namespace proxy
