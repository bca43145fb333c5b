#include "proxy/admission.h"

#include <algorithm>
#include <chrono>
#include <functional>

namespace proxy {
namespace {

using std::chrono::duration_cast;

constexpr std::chrono::seconds kBurst{1};

// A client may have so many times the places that are free. Alone it gets to 15 of 16 of them;
// whoever comes next finds some free, and gets more as the first gives its own back.
constexpr std::uint64_t kShare = 15;

// What a client may have while it is alone.
std::uint32_t most_of(const Admission::Limits& limits) {
  const std::uint64_t share = (std::uint64_t{limits.total} + 1) * kShare / (kShare + 1);
  const std::uint64_t most =
      limits.per_client == 0 ? share : std::min<std::uint64_t>(share, limits.per_client);
  return static_cast<std::uint32_t>(std::max<std::uint64_t>(most, 1));
}

}  // namespace

// The bucket is a point in time: when it will be full again. One token takes a part of a second.
bool TokenBucket::take(std::uint32_t per_second, base::Instant now) {
  const auto part = duration_cast<base::Instant::duration>(std::chrono::seconds(1)) / per_second;
  const base::Instant full_at = std::max(full_at_, now) + part;
  if (full_at > now + std::max<base::Instant::duration>(kBurst, part)) return false;
  full_at_ = full_at;
  return true;
}

bool Admission::Client::is_new(base::Instant now) const {
  return connections == 0 && connecting.is_full(now) && deeds[0].is_full(now) &&
         deeds[1].is_full(now);
}

Admission::Shard& Admission::shard_of(const std::string& client) {
  return shards_[std::hash<std::string>{}(client) % kShards];
}

// Those that have left are kept while their buckets fill; this is what bounds them.
void Admission::sweep(Shard& shard, base::Instant now) {
  if (shard.clients.size() < shard.swept_at) return;
  std::erase_if(shard.clients, [now](const auto& entry) { return entry.second.is_new(now); });
  shard.swept_at = std::max<size_t>(64, shard.clients.size() * 2);
}

Admission::Entry Admission::enter(const std::string& client, const Limits& limits,
                                  base::Instant now) {
  return count(client, total_.fetch_add(1, std::memory_order_relaxed) + 1, limits, now);
}

Admission::Entry Admission::move(const std::string& from, const std::string& to,
                                 const Limits& limits, base::Instant now) {
  const Entry entry = count(to, total(), limits, now);
  count_out(from);
  return entry;
}

Admission::Entry Admission::count(const std::string& client, std::uint32_t total,
                                  const Limits& limits, base::Instant now) {
  Shard& shard = shard_of(client);
  const std::lock_guard lock(shard.mutex);
  sweep(shard, now);
  Client& known = shard.clients[client];
  Entry entry;
  entry.connections = ++known.connections;
  entry.most = most_of(limits);
  if (entry.connections == (std::uint64_t{entry.most} * 8 + 9) / 10) {
    entry.crowd = Entry::Crowd::kNearlyFull;
  }
  // The last place is free to whoever has few.
  const std::uint64_t free = limits.total - std::uint64_t{std::min(total - 1, limits.total)};
  if (total > limits.total) {
    entry.verdict = Verdict::kTooMany;
  } else if (limits.per_client != 0 && entry.connections > limits.per_client) {
    entry.verdict = Verdict::kTooManyPerClient;
  } else if (entry.connections > kShare * free) {
    entry.most = entry.connections - 1;
    entry.verdict = Verdict::kBeyondShare;
  } else if (limits.connections_per_second != 0 &&
             !known.connecting.take(limits.connections_per_second, now)) {
    entry.verdict = Verdict::kTooFast;
  }
  return entry;
}

void Admission::leave(const std::string& client) {
  total_.fetch_sub(1, std::memory_order_relaxed);
  count_out(client);
}

void Admission::count_out(const std::string& client) {
  Shard& shard = shard_of(client);
  const std::lock_guard lock(shard.mutex);
  const auto found = shard.clients.find(client);
  // A new bucket is full since the epoch: whoever nothing was counted of is forgotten at once.
  if (--found->second.connections == 0 && found->second.is_new({})) shard.clients.erase(found);
}

bool Admission::allows(const std::string& client, Deed deed, std::uint32_t per_second,
                       base::Instant now) {
  Shard& shard = shard_of(client);
  const std::lock_guard lock(shard.mutex);
  return shard.clients[client].deeds[static_cast<size_t>(deed)].take(per_second, now);
}

}  // namespace proxy
