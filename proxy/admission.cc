#include "proxy/admission.h"

#include <algorithm>
#include <numeric>

#include "proxy/neighbours.h"

namespace proxy {

Admission::Shard& Admission::shard_of(const base::IpAddress& key) {
  const auto& octets = key.octets();
  const unsigned sum = std::accumulate(octets.begin(), octets.end(), 0U);
  return shards_[sum % kShards];
}

Admission::Verdict Admission::enter(const base::IpAddress& client, const Limits& limits) {
  const std::uint32_t total = total_.fetch_add(1, std::memory_order_relaxed) + 1;
  const base::IpAddress key = client_key(client);
  Shard& shard = shard_of(key);
  std::uint32_t mine = 0;
  {
    const std::lock_guard lock(shard.mutex);
    mine = ++shard.counts[key];
  }
  if (total > limits.total) return Verdict::kTooMany;
  if (mine > limits.per_client) return Verdict::kTooManyPerClient;
  // The last place is free to whoever has few.
  const std::uint64_t free = limits.total - total + 1;
  if (mine > kShare * free) return Verdict::kBeyondShare;
  return Verdict::kAdmitted;
}

void Admission::leave(const base::IpAddress& client) {
  total_.fetch_sub(1, std::memory_order_relaxed);
  const base::IpAddress key = client_key(client);
  Shard& shard = shard_of(key);
  const std::lock_guard lock(shard.mutex);
  const auto found = shard.counts.find(key);
  if (--found->second == 0) shard.counts.erase(found);
}

}  // namespace proxy
