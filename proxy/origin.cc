// From a request's target to an end that speaks to its origin.
#include <algorithm>

#include "proxy/h2/origin_stream.h"
#include "proxy/http1_origin.h"
#include "proxy/session.h"
#include "proxy/worker.h"

namespace proxy {

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
  if (!multiplexed) {
    return std::make_unique<Http1Origin>(std::move(connection), runtime_->http_limits);
  }
  auto link = std::make_shared<h2::OriginLink>(worker_.loop(), worker_.relay_buffers().chunks,
                                               std::move(connection), http2_settings());
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

net::Task<base::Result<std::unique_ptr<OriginEnd>>> Session::reach_origin(
    Account& account, const http::Target& target) {
  auto reaching = inside_ != nullptr ? reach_inside(account, target)
                                     : reach(account, target.authority, policy::Kind::kForward);
  auto reached = co_await reaching;
  if (!reached) co_return base::fail(reached.error());
  co_return make_end(std::move(*reached));
}

}  // namespace proxy
