// From a request's target to an end that speaks to its origin.
#include <algorithm>
#include <chrono>

#include "proxy/h2/origin_stream.h"
#include "proxy/http1_origin.h"
#include "proxy/session.h"
#include "proxy/while_present.h"
#include "proxy/worker.h"

namespace proxy {
namespace {

// What the record of a request says of the dial that was made for it.
void note_dial(Account& account, const Account& dialling) {
  account.record.origin = dialling.record.origin;
  account.record.tls_reason = dialling.record.tls_reason;
  if (dialling.record.verdict != policy::Verdict::kDeny) return;
  account.record.verdict = dialling.record.verdict;
  account.record.rule = dialling.record.rule;
  account.next_step = dialling.next_step;
}

}  // namespace

// A stream on an HTTP/2 connection of this client to the origin that it is inspected for.
std::unique_ptr<OriginEnd> Session::stream_at_hand(Account& account, const http::Target& target) {
  auto& links = inside_->links;
  const auto dead = std::stable_partition(links.begin(), links.end(),
                                          [](const auto& link) { return !link->link().over(); });
  // One of them may be on the stack: what woke us may have been its end.
  std::vector<std::shared_ptr<h2::OriginLink>> ended(std::make_move_iterator(dead),
                                                     std::make_move_iterator(links.end()));
  links.erase(dead, links.end());
  if (!ended.empty()) worker_.loop().defer([kept = std::move(ended)] {});
  for (const auto& link : links) {
    if (!link->can_open()) continue;
    const base::IpAddress address = link->endpoint().address;
    if (address != inside_->address && !judge_address(account, target, address)) continue;
    inside_->address = address;
    account.record.origin = link->endpoint();
    return std::make_unique<h2::OriginStream>(link);
  }
  return nullptr;
}

std::unique_ptr<OriginEnd> Session::make_end(std::unique_ptr<OriginConnection> connection) {
  const bool multiplexed =
      connection->secured && connection->secured->protocol == http::Protocol::kHttp2;
  // One from the pool may have been made for a client without HTTP/2.
  if (inside_ != nullptr && connection->age == OriginConnection::Age::kFresh) {
    inside_->chosen = connection->secured->protocol;
  }
  if (!multiplexed) {
    return std::make_unique<Http1Origin>(std::move(connection), caller_.runtime->http_limits);
  }
  auto link =
      std::make_shared<h2::OriginLink>(worker_.loop(), worker_.relay_buffers().chunks,
                                       std::move(connection), http2_settings(), http2_allowance());
  inside_->links.push_back(link);
  return std::make_unique<h2::OriginStream>(std::move(link));
}

// An origin that can be had without waiting; nullptr when there is none.
std::unique_ptr<OriginEnd> Session::origin_at_hand(Account& account, const http::Target& target) {
  if (inside_ == nullptr) {
    auto connection = pooled(account, target.authority);
    return connection == nullptr ? nullptr : make_end(std::move(connection));
  }
  if (auto stream = stream_at_hand(account, target)) return stream;
  auto connection = pooled_for_inside(account, target);
  return connection == nullptr ? nullptr : make_end(std::move(connection));
}

// A connection for one stream is one for others: those that come while it is dialled wait for it
// and share its fate, unless the origin is known to take one request at a time.
net::Task<base::Result<std::unique_ptr<OriginEnd>>> Session::reach_inside(
    Account& account, const http::Target& target) {
  while (inside_->flight != nullptr && inside_->chosen != http::Protocol::kHttp1) {
    const auto flight = inside_->flight;
    const base::Instant began = base::steady_now();
    inspect::Flight::Waiter waiter(worker_.loop());
    flight->join(waiter);
    auto waiting = waiter.landed.wait(base::kNever);  // dialling has limits of its own
    co_await waiting;
    account.record.phases.connect +=
        std::chrono::duration_cast<std::chrono::microseconds>(base::steady_now() - began);
    note_dial(account, flight->dialling);
    if (flight->error) co_return base::fail(*flight->error);
    if (auto stream = stream_at_hand(account, target)) co_return stream;
  }
  const auto flight = std::make_shared<inspect::Flight>();
  inside_->flight = flight;
  flight->dialling.record.time = account.record.time;
  auto dialling = dial_inside(flight->dialling);
  auto reached = co_await dialling;
  if (inside_->flight == flight) inside_->flight = nullptr;
  const PhaseTimes& phases = flight->dialling.record.phases;
  account.record.phases.dns = phases.dns;
  account.record.phases.connect += phases.connect;
  account.record.phases.tls = phases.tls;
  note_dial(account, flight->dialling);
  if (!reached) flight->error = reached.error();
  // The one that has dialled goes first.
  worker_.loop().defer([flight] { flight->land(); });
  if (!reached) co_return base::fail(reached.error());
  const base::IpAddress address = (*reached)->endpoint.address;
  // Others may use it even if this request may not.
  auto end = make_end(std::move(*reached));
  const base::Result<void> judged = judge_address(account, target, address);
  if (!judged) co_return base::fail(judged.error());
  co_return end;
}

net::Task<base::Result<std::unique_ptr<OriginEnd>>> Session::reach_origin(
    ClientEnd& client, const http::Target& target) {
  if (inside_ != nullptr) {
    // Whoever leaves must not end a dial that others wait for.
    auto reaching = reach_inside(client.account(), target);
    co_return co_await reaching;
  }
  auto reaching = WhilePresent<std::unique_ptr<OriginConnection>>::wait(
      worker_.loop(), client, reach(client.account(), target.authority, policy::Kind::kForward));
  auto reached = co_await reaching;
  if (!reached) co_return base::fail(reached.error());
  co_return make_end(std::move(*reached));
}

}  // namespace proxy
