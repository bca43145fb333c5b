// What watches requests go by: misroutes and learning. Neither changes what happens to a request,
// and where both are off nothing is kept of it.
#include "proxy/session.h"
#include "proxy/worker.h"

namespace proxy {
namespace {

aks::LearnedVerdict learned_verdict(policy::Verdict verdict) {
  if (verdict == policy::Verdict::kDeny) return aks::LearnedVerdict::kDeny;
  if (verdict == policy::Verdict::kWouldDeny) return aks::LearnedVerdict::kWouldDeny;
  return aks::LearnedVerdict::kAllow;
}

}  // namespace

// Keeps what `observe` will need of a head that is gone by then.
void Session::watch(Account& account, const http::RequestHead& head) {
  account.watched.reset();
  if (!caller_.runtime->misroutes && worker_.learned() == nullptr) return;
  account.watched = std::make_unique<Account::Watched>();
  const std::string_view agent = head.fields.find("User-Agent").value_or("");
  account.watched->user_agent = agent.substr(0, MisrouteTable::kMaxUserAgent);
}

// Called where the verdict on a request is settled, with the addresses of its target as far as they
// are known; further calls for the same request do nothing.
void Session::observe(Account& account, const http::Authority& target, policy::Kind kind,
                      std::span<const base::IpAddress> addresses) {
  if (account.watched == nullptr) return;
  const std::unique_ptr<Account::Watched> watched = std::move(account.watched);
  if (caller_.runtime->misroutes) {
    auto misroute = worker_.misroute_memo().judge(caller_.runtime, target, addresses);
    if (misroute) {
      account.record.misroute = aks::to_string(*misroute);
      admin::bump(worker_.counters().misroutes[static_cast<size_t>(misroute->kind)]);
      worker_.misroutes().note({caller_.endpoint.address.unmapped(), std::move(watched->user_agent),
                                std::move(*misroute)},
                               target.host, target.port, account.record.time,
                               caller_.runtime->config.misroutes.entries);
    }
  }
  if (aks::Learned* learned = worker_.learned()) {
    const auto method = kind == policy::Kind::kConnect ? aks::LearnedMethod::kConnect
                                                       : aks::LearnedMethod::kForward;
    learned->add({target.host, target.port, method, learned_verdict(account.record.verdict),
                  caller_.endpoint.address.unmapped(), account.record.time});
  }
}

}  // namespace proxy
