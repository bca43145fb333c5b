// What the noProxy list says of destinations asked for lately. Reading the list takes some 10 µs,
// about a quarter of what forwarding a request costs, and clients ask for the same destinations
// again and again.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <tuple>

#include "aks/misroute.h"

namespace watch {

using JudgePtr = std::shared_ptr<const aks::MisrouteJudge>;

// Of one worker.
class MisrouteMemo {
 public:
  // Forgets everything when it holds that many.
  static constexpr std::size_t kMaxDestinations = 1024;

  // The same as judge->judge(target, resolved). Another judge than last time makes it forget.
  std::optional<aks::Misroute> judge(const JudgePtr& judge, const http::Authority& target,
                                     std::span<const base::IpAddress> resolved);

  std::size_t size() const { return listed_.size(); }

 private:
  using Key = std::tuple<std::string, std::uint16_t>;

  JudgePtr judge_;  // kept alive, so that no other can be mistaken for it
  std::map<Key, std::optional<aks::Misroute>, std::less<>> listed_;
};

}  // namespace watch
