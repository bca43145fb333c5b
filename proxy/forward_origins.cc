#include "proxy/forward_origins.h"

#include <utility>

#include "proxy/http1_origin.h"
#include "proxy/observe.h"
#include "proxy/while_present.h"

namespace proxy {

base::Result<http::Target> ForwardOrigins::target_of(const http::RequestHead& head) const {
  return http::parse_target(head);
}

base::Result<http::Lints> ForwardOrigins::check_host(const http::RequestHead& head,
                                                     const http::Target& target) const {
  return http::check_host(head, target);
}

base::Result<void> ForwardOrigins::judge(Account& account, const http::RequestHead& head,
                                         const http::Target& /*target*/) {
  watch(account, head, *service_.runtime().observer);
  return {};
}

std::unique_ptr<OriginEnd> ForwardOrigins::end_of(
    std::unique_ptr<OriginConnection> connection) const {
  return std::make_unique<Http1Origin>(std::move(connection), service_.runtime().http_limits);
}

std::unique_ptr<OriginEnd> ForwardOrigins::at_hand(Account& account, const http::Target& target) {
  auto connection = reach_.pooled(account, target.authority);
  return connection == nullptr ? nullptr : end_of(std::move(connection));
}

net::Task<base::Result<std::unique_ptr<OriginEnd>>> ForwardOrigins::reach(
    ClientEnd& client, const http::Target& target) {
  auto reaching = WhilePresent<std::unique_ptr<OriginConnection>>::wait(
      service_.tools.loop, client,
      reach_.connect(client.account(), target.authority, policy::Kind::kForward));
  auto reached = co_await reaching;
  if (!reached) co_return base::fail(reached.error());
  co_return end_of(std::move(*reached));
}

void ForwardOrigins::keep(std::unique_ptr<OriginConnection> connection,
                          const http::Target& target) {
  service_.stock.put(target.authority.to_string(), std::move(connection));
}

}  // namespace proxy
