#include "proxy/misroute_memo.h"

#include <string_view>

namespace proxy {

std::optional<aks::Misroute> MisrouteMemo::judge(const RuntimePtr& runtime,
                                                 const http::Authority& target,
                                                 std::span<const base::IpAddress> resolved) {
  const aks::MisrouteJudge& judge = *runtime->misroutes;
  if (runtime_ != runtime || listed_.size() >= kMaxDestinations) listed_.clear();
  runtime_ = runtime;
  const auto view = std::tuple(std::string_view(target.host), target.port);
  auto known = listed_.find(view);
  if (known == listed_.end()) {
    known = listed_.emplace(Key(target.host, target.port), judge.listed(target)).first;
  }
  return known->second ? known->second : judge.unlisted(target, resolved);
}

}  // namespace proxy
