// What watches requests go by: misroutes and learning. Neither changes what happens to a request,
// and where both are off nothing is kept of it.
#include "proxy/session.h"
#include "proxy/worker.h"

namespace proxy {
namespace {

aks::LearnedVerdict learned_verdict(std::string_view verdict) {
  if (verdict == policy::token_of(policy::Verdict::kDeny)) return aks::LearnedVerdict::kDeny;
  if (verdict == policy::token_of(policy::Verdict::kWouldDeny)) {
    return aks::LearnedVerdict::kWouldDeny;
  }
  return aks::LearnedVerdict::kAllow;
}

}  // namespace

// Keeps what `observe` will need of a head that is gone by then.
void Session::watch(const http::RequestHead& head) {
  watched_.reset();
  if (!runtime_->misroutes && worker_.learned() == nullptr) return;
  watched_ = std::make_unique<Watched>();
  const std::string_view agent = head.fields.find("User-Agent").value_or("");
  watched_->user_agent = agent.substr(0, MisrouteTable::kMaxUserAgent);
}

// Called where the verdict on a request is settled, with the addresses of its target as far as they
// are known; further calls for the same request do nothing.
void Session::observe(const http::Authority& target, policy::Kind kind,
                      std::span<const base::IpAddress> addresses) {
  if (watched_ == nullptr) return;
  const std::unique_ptr<Watched> watched = std::move(watched_);
  if (runtime_->misroutes) {
    auto misroute = worker_.misroute_memo().judge(runtime_, target, addresses);
    if (misroute) {
      record_.misroute = aks::to_string(*misroute);
      admin::bump(worker_.counters().misroutes[static_cast<size_t>(misroute->kind)]);
      worker_.misroutes().note({client_endpoint_.address.unmapped(), std::move(watched->user_agent),
                                std::move(*misroute)},
                               target.host, target.port, record_.time,
                               runtime_->config.misroutes.entries);
    }
  }
  if (aks::Learned* learned = worker_.learned()) {
    const auto method = kind == policy::Kind::kConnect ? aks::LearnedMethod::kConnect
                                                       : aks::LearnedMethod::kForward;
    learned->add({target.host, target.port, method, learned_verdict(record_.verdict),
                  client_endpoint_.address.unmapped(), record_.time});
  }
}

}  // namespace proxy
