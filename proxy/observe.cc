#include "proxy/observe.h"

#include <memory>
#include <utility>

namespace proxy {

void watch(Account& account, const http::RequestHead& head, const Observer& observer) {
  account.watched.reset();
  if (!observer.watches()) return;
  account.watched = std::make_unique<Account::Watched>();
  const std::string_view agent = head.fields.find("User-Agent").value_or("");
  account.watched->user_agent = agent.substr(0, Observer::kMaxUserAgent);
}

void observe(Account& account, const http::Authority& target, policy::Kind kind,
             std::span<const base::IpAddress> addresses, const Observer& observer,
             unsigned worker) {
  if (account.watched == nullptr) return;
  const std::unique_ptr<Account::Watched> watched = std::move(account.watched);
  std::string misroute = observer.see(
      worker, {account.record, target, kind, addresses, std::move(watched->user_agent)});
  account.record.misroute = std::move(misroute);
}

}  // namespace proxy
