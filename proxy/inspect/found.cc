#include "proxy/inspect/found.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "base/rfc3339.h"

namespace proxy::inspect {
namespace {

using nlohmann::ordered_json;

// Neither addresses nor authorities have spaces.
std::string key_of(std::string_view who, std::string_view whom) {
  std::string key(who);
  key += ' ';
  key += whom;
  return key;
}

std::string text_of(const base::IpAddress& client) { return client.unmapped().to_string(); }

// The pairs under the names that they have in their table.
ordered_json table(const std::vector<Memory::Pair>& pairs, const char* who, const char* whom,
                   base::Instant now, size_t limit) {
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

bool Memory::note(std::string who, std::string whom, base::Instant now, base::Instant until) {
  std::string key = key_of(who, whom);
  Pair pair{std::move(who), std::move(whom), 1, base::wall_now(), until};
  const auto found = by_key_.find(key);
  const bool is_new = found == by_key_.end() || found->second->until <= now;
  if (found != by_key_.end()) {
    if (!is_new) pair.times = found->second->times + 1;
    pairs_.erase(found->second);
    by_key_.erase(found);
  }
  if (pairs_.size() >= kMaxPairs) {
    by_key_.erase(key_of(pairs_.front().who, pairs_.front().whom));
    pairs_.pop_front();
  }
  pairs_.push_back(std::move(pair));
  by_key_.emplace(std::move(key), std::prev(pairs_.end()));
  return is_new;
}

bool Memory::has(std::string_view who, std::string_view whom, base::Instant now) {
  if (pairs_.empty()) return false;
  const auto found = by_key_.find(key_of(who, whom));
  if (found == by_key_.end()) return false;
  if (now < found->second->until) return true;
  pairs_.erase(found->second);
  by_key_.erase(found);
  return false;
}

std::vector<Memory::Pair> Memory::pairs(base::Instant now) const {
  std::vector<Pair> pairs;
  pairs.reserve(pairs_.size());
  std::copy_if(pairs_.rbegin(), pairs_.rend(), std::back_inserter(pairs),
               [now](const Pair& pair) { return now < pair.until; });
  return pairs;
}

bool Found::note_rejection(const base::IpAddress& client, const std::string& name,
                           base::Instant now, base::Instant until) {
  const std::lock_guard lock(mutex_);
  return rejections_.note(text_of(client), name, now, until);
}

bool Found::was_rejected(const base::IpAddress& client, const std::string& name,
                         base::Instant now) {
  const std::lock_guard lock(mutex_);
  return rejections_.has(text_of(client), name, now);
}

void Found::note_asking(const http::Authority& dialled, const http::Authority& origin,
                        base::Instant now, base::Instant until) {
  const std::lock_guard lock(mutex_);
  asking_.note(dialled.to_string(), origin.to_string(), now, until);
}

bool Found::is_asking(const http::Authority& dialled, const http::Authority& origin,
                      base::Instant now) {
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
      {"rejections", table(rejections, "client", "name", now, limit)},
      {"client_certificates", table(asking, "target", "origin", now, limit)}};
  return document.dump(2) + "\n";
}

}  // namespace proxy::inspect
