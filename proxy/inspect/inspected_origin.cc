#include "proxy/inspect/inspected_origin.h"

#include <algorithm>
#include <chrono>
#include <iterator>
#include <utility>

#include "proxy/h2/origin_stream.h"
#include "proxy/h2/terms.h"
#include "proxy/http1_origin.h"
#include "proxy/inspect/meet_origin.h"
#include "proxy/permit.h"

namespace proxy::inspect {
namespace {

using std::chrono::duration_cast;
using std::chrono::microseconds;

// What the record of a request says of the dial that was made for it.
void note_dial(Account& account, const Account& dialling) {
  account.record.origin = dialling.record.origin;
  account.record.tls_reason = dialling.record.tls_reason;
  if (dialling.record.verdict != policy::Verdict::kDeny) return;
  account.record.verdict = dialling.record.verdict;
  account.record.rule = dialling.record.rule;
  account.next_step = dialling.next_step;
}

bool was_allowed(const Account& account, const base::IpAddress& address) {
  return account.judged_for == address && policy::lets_through(account.record.verdict);
}

}  // namespace

base::Result<http::Target> InspectedOrigin::target_of(const http::RequestHead& head) const {
  return http::parse_inner_target(head, inside_.origin);
}

base::Result<http::Lints> InspectedOrigin::check_host(const http::RequestHead& head,
                                                      const http::Target& /*target*/) const {
  return http::check_inner_host(head, inside_.origin);
}

const tls::CertificateFacts* InspectedOrigin::certificate() const {
  return inside_.refusal && inside_.refusal->certificate ? &*inside_.refusal->certificate : nullptr;
}

// Whether the request is served at all.
base::Result<void> InspectedOrigin::judge(Account& account, const http::RequestHead& /*head*/,
                                          const http::Target& target) {
  account.record.inspection = "inspected";
  account.record.server_name = inside_.origin.host;
  if (inside_.refusal) {
    const Refusal& refusal = *inside_.refusal;
    account.record.verdict = refusal.verdict;
    account.record.rule = refusal.rule;
    account.next_step = refusal.next_step;
    if (refusal.fault != tls::Fault::kNone)
      account.record.tls_reason = tls::token_of(refusal.fault);
    return base::fail(refusal.error);
  }
  const policy::Decision by_name = service_.runtime().policy.before_dns(question(account, target));
  if (by_name.verdict == policy::Verdict::kDeny) {
    return permit(account, by_name, service_.caller.runtime);
  }
  return judge_address(account, target, inside_.address);
}

policy::Request InspectedOrigin::question(const Account& account,
                                          const http::Target& target) const {
  return {service_.caller.endpoint.address, policy::Kind::kInspected, target.authority,
          service_.caller.identity,         account.record.method,    target.path_and_query};
}

// Others of the connection may have gone elsewhere.
base::Result<void> InspectedOrigin::judge_address(Account& account, const http::Target& target,
                                                  const base::IpAddress& address) {
  const policy::Engine& policy = service_.runtime().policy;
  base::Result<void> permitted = permit(
      account, policy.for_address(question(account, target), address), service_.caller.runtime);
  account.judged_for = address;
  return permitted;
}

// As judge_address, unless this request was allowed that address before.
bool InspectedOrigin::may_go_to(Account& account, const http::Target& target,
                                const base::IpAddress& address) {
  return was_allowed(account, address) || judge_address(account, target, address).has_value();
}

void InspectedOrigin::drop_ended_links() {
  const auto dead = std::stable_partition(links_.begin(), links_.end(),
                                          [](const auto& link) { return !link->link().over(); });
  // One of them may be on the stack: what woke us may have been its end.
  std::vector<std::shared_ptr<h2::OriginLink>> ended(std::make_move_iterator(dead),
                                                     std::make_move_iterator(links_.end()));
  links_.erase(dead, links_.end());
  if (!ended.empty()) service_.tools.loop.defer([kept = std::move(ended)] {});
}

// A stream on an HTTP/2 connection that this client has with the origin.
std::unique_ptr<OriginEnd> InspectedOrigin::stream(Account& account, const http::Target& target) {
  drop_ended_links();
  for (const auto& link : links_) {
    const base::IpAddress& address = link->endpoint().address;
    if (!link->can_open() || !may_go_to(account, target, address)) continue;
    account.record.origin = link->endpoint();
    return std::make_unique<h2::OriginStream>(link);
  }
  return nullptr;
}

// The connection from the CONNECT, or one that an earlier request has left.
std::unique_ptr<OriginConnection> InspectedOrigin::idle(Account& account,
                                                        const http::Target& target) {
  // Those of the name that are allowed; the others stay for requests that are.
  const auto fits = [&](const OriginConnection& kept) {
    if (!kept.secured || kept.secured->peer != inside_.peer) return false;
    if (was_allowed(account, kept.endpoint.address)) return true;
    const policy::Engine& policy = service_.runtime().policy;
    const auto decision = policy.for_address(question(account, target), kept.endpoint.address);
    return policy::lets_through(decision.verdict);
  };
  auto origin = inside_.fresh != nullptr && fits(*inside_.fresh)
                    ? std::move(inside_.fresh)
                    : reach_.take(account, inside_.pool_key, fits);
  if (origin == nullptr || !may_go_to(account, target, origin->endpoint.address)) return nullptr;
  account.record.origin = origin->endpoint;
  return origin;
}

std::unique_ptr<OriginEnd> InspectedOrigin::end_of(std::unique_ptr<OriginConnection> connection) {
  const http::Protocol protocol = connection->secured->protocol;
  // One from the pool may have been made for a client without HTTP/2.
  if (connection->age == OriginConnection::Age::kFresh) chosen_ = protocol;
  if (protocol == http::Protocol::kHttp1) {
    return std::make_unique<Http1Origin>(std::move(connection), service_.runtime().http_limits);
  }
  Tools& tools = service_.tools;
  auto link = std::make_shared<h2::OriginLink>(
      tools.loop, tools.relay_buffers.chunks, std::move(connection),
      h2::settings_for(service_.runtime()), h2::allowance_for(service_));
  links_.push_back(link);
  return std::make_unique<h2::OriginStream>(std::move(link));
}

std::unique_ptr<OriginEnd> InspectedOrigin::at_hand(Account& account, const http::Target& target) {
  if (auto open = stream(account, target)) return open;
  auto connection = idle(account, target);
  return connection == nullptr ? nullptr : end_of(std::move(connection));
}

// Whoever leaves must not end a dial that others wait for, so nobody watches the client meanwhile.
net::Task<base::Result<std::unique_ptr<OriginEnd>>> InspectedOrigin::reach(
    ClientEnd& client, const http::Target& target) {
  Account& account = client.account();
  while (flight_ != nullptr && chosen_ != http::Protocol::kHttp1) {
    const auto flight = flight_;
    const base::Instant began = base::steady_now();
    Flight::Waiter waiter(service_.tools.loop);
    flight->join(waiter);
    auto waiting = waiter.landed.wait(base::kNever);  // dialling has limits of its own
    co_await waiting;
    account.record.phases.connect += duration_cast<microseconds>(base::steady_now() - began);
    note_dial(account, flight->dialling);
    if (flight->error) co_return base::fail(*flight->error);
    if (auto open = stream(account, target)) co_return open;
  }
  const auto flight = std::make_shared<Flight>();
  flight_ = flight;
  flight->dialling.record.time = account.record.time;
  auto dialling = dial(flight->dialling);
  auto reached = co_await dialling;
  if (flight_ == flight) flight_ = nullptr;
  const PhaseTimes& phases = flight->dialling.record.phases;
  account.record.phases.dns = phases.dns;
  account.record.phases.connect += phases.connect;
  account.record.phases.tls = phases.tls;
  note_dial(account, flight->dialling);
  if (!reached) flight->error = reached.error();
  // The one that has dialled goes first.
  service_.tools.loop.defer([flight] { flight->land(); });
  if (!reached) co_return base::fail(reached.error());
  const base::IpAddress address = (*reached)->endpoint.address;
  // Others may use it even if this request may not.
  auto end = end_of(std::move(*reached));
  const base::Result<void> judged = judge_address(account, target, address);
  if (!judged) co_return base::fail(judged.error());
  co_return end;
}

// Of the present configuration; where that inspects nothing, of the one from before, under which
// the client was shown its certificate.
const tls::ClientContext& InspectedOrigin::origin_context() const {
  const auto which = static_cast<size_t>(inside_.offer);
  const auto& present = service_.runtime().tls->origins[which];
  return present != nullptr ? *present : *inside_.runtime->tls->origins[which];
}

// A new connection to the origin with TLS on it; policy judges its CONNECT again. Whether a request
// may go there is judged when it does.
net::Task<Reach::Reached> InspectedOrigin::dial(Account& dialling) {
  auto reaching = reach_.connect(dialling, inside_.dialled, policy::Kind::kConnect);
  auto reached = co_await reaching;
  if (!reached) co_return reached;
  inside_.address = (*reached)->endpoint.address;
  auto meeting = meet_origin(service_, origin_context(), dialling, **reached, inside_);
  tls::HandshakeOutcome outcome = co_await meeting;
  if (!outcome.info) {
    dialling.record.tls_reason = tls::token_of(outcome.fault);
    co_return base::fail(outcome.info.error());
  }
  co_return reached;
}

void InspectedOrigin::keep(std::unique_ptr<OriginConnection> connection,
                           const http::Target& /*target*/) {
  service_.stock.put(inside_.pool_key, std::move(connection));
}

}  // namespace proxy::inspect
