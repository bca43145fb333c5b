#include "watch/misroute_memo.h"

#include <string_view>

namespace watch {

std::optional<aks::Misroute> MisrouteMemo::judge(const JudgePtr& judge,
                                                 const http::Authority& target,
                                                 std::span<const base::IpAddress> resolved) {
  if (judge_ != judge || listed_.size() >= kMaxDestinations) listed_.clear();
  judge_ = judge;
  const auto view = std::tuple(std::string_view(target.host), target.port);
  auto known = listed_.find(view);
  if (known == listed_.end()) {
    known = listed_.emplace(Key(target.host, target.port), judge->listed(target)).first;
  }
  return known->second ? known->second : judge->unlisted(target, resolved);
}

}  // namespace watch
