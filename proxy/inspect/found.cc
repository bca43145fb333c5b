#include "proxy/inspect/found.h"

#include <algorithm>
#include <functional>
#include <nlohmann/json.hpp>

#include "base/rfc3339.h"

namespace proxy::inspect {
namespace {

using nlohmann::ordered_json;

std::string text_of(const base::IpAddress& client) { return client.unmapped().to_string(); }

// The pairs, the latest first, under the names that they have in their table.
ordered_json table(std::vector<Memory::Pair> pairs, const char* who, const char* whom,
                   base::Instant now, size_t limit) {
  std::ranges::sort(pairs, std::ranges::greater{}, &Memory::Pair::turn);
  ordered_json rows = ordered_json::array();
  for (const Memory::Pair& pair : pairs) {
    if (rows.size() == limit) break;
    std::string last;
    base::append_rfc3339(last, pair.last);
    const auto left = std::chrono::ceil<std::chrono::seconds>(pair.until - now);
    rows.push_back({{who, pair.who},
                    {whom, pair.whom},
                    {"times", pair.times},
                    {"last", std::move(last)},
                    {"seconds_left", left.count()}});
  }
  const size_t hidden = pairs.size() - rows.size();
  return {{"hidden", hidden}, {"rows", std::move(rows)}};
}

}  // namespace

bool Memory::note(const std::string& who, const std::string& whom, base::Instant now,
                  base::Instant until) {
  ++turns_;
  const auto owner = by_who_.find(who);
  if (owner != by_who_.end()) {
    const auto found = owner->second.find(whom);
    if (found != owner->second.end()) {
      Pair& pair = found->second;
      const bool is_over = pair.until <= now;
      pair.times = is_over ? 1 : pair.times + 1;
      pair.last = base::wall_now();
      pair.until = until;
      pair.turn = turns_;
      return is_over;
    }
  }
  if (size_ >= kMaxPairs) make_room(now);
  Own& own = by_who_[who];
  own.emplace(whom, Pair{who, whom, 1, base::wall_now(), until, turns_});
  ++size_;
  return true;
}

// Looks at all pairs, and therefore frees room for many.
void Memory::make_room(base::Instant now) {
  size_t most = 0;
  for (auto& [who, own] : by_who_) {
    size_ -= std::erase_if(own, [now](const auto& entry) { return entry.second.until <= now; });
    most = std::max(most, own.size());
  }
  std::erase_if(by_who_, [](const auto& entry) { return entry.second.empty(); });
  if (size_ < kMaxPairs) return;
  std::vector<const Pair*> pairs;
  for (const auto& [who, own] : by_who_) {
    if (own.size() < most) continue;
    for (const auto& [whom, pair] : own) pairs.push_back(&pair);
  }
  const size_t leaving = std::clamp<size_t>(pairs.size() / 2, 1, kRoom);
  std::ranges::nth_element(pairs, pairs.begin() + static_cast<std::ptrdiff_t>(leaving - 1), {},
                           [](const Pair* pair) { return pair->turn; });
  for (size_t i = 0; i < leaving; ++i) forget(*pairs[i]);
}

void Memory::forget(const Pair& pair) {
  const auto owner = by_who_.find(pair.who);
  owner->second.erase(owner->second.find(pair.whom));
  if (owner->second.empty()) by_who_.erase(owner);
  --size_;
}

bool Memory::has(const std::string& who, const std::string& whom, base::Instant now) const {
  const auto owner = by_who_.find(who);
  if (owner == by_who_.end()) return false;
  const auto found = owner->second.find(whom);
  return found != owner->second.end() && now < found->second.until;
}

std::vector<Memory::Pair> Memory::pairs(base::Instant now) const {
  std::vector<Pair> pairs;
  pairs.reserve(size_);
  for (const auto& [who, own] : by_who_) {
    for (const auto& [whom, pair] : own) {
      if (now < pair.until) pairs.push_back(pair);
    }
  }
  return pairs;
}

bool Found::note_rejection(const base::IpAddress& client, const std::string& name,
                           base::Instant now, base::Instant until) {
  const std::lock_guard lock(mutex_);
  return rejections_.note(text_of(client), name, now, until);
}

bool Found::was_rejected(const base::IpAddress& client, const std::string& name,
                         base::Instant now) const {
  const std::lock_guard lock(mutex_);
  return rejections_.has(text_of(client), name, now);
}

void Found::note_asking(const http::Authority& dialled, const http::Authority& origin,
                        base::Instant now, base::Instant until) {
  const std::lock_guard lock(mutex_);
  asking_.note(dialled.to_string(), origin.to_string(), now, until);
}

bool Found::is_asking(const http::Authority& dialled, const http::Authority& origin,
                      base::Instant now) const {
  const std::lock_guard lock(mutex_);
  return asking_.has(dialled.to_string(), origin.to_string(), now);
}

std::string Found::to_json(base::Instant now, size_t limit) const {
  std::vector<Memory::Pair> rejections;
  std::vector<Memory::Pair> asking;
  {
    const std::lock_guard lock(mutex_);
    rejections = rejections_.pairs(now);
    asking = asking_.pairs(now);
  }
  const ordered_json document = {
      {"rejections", table(std::move(rejections), "client", "name", now, limit)},
      {"client_certificates", table(std::move(asking), "target", "origin", now, limit)}};
  return document.dump(2) + "\n";
}

}  // namespace proxy::inspect
