// How many connections there are, in all and per client: shared by all workers and touched only
// when a connection begins and ends, never on the data path.
#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <map>
#include <mutex>

#include "base/ip.h"

namespace proxy {

class Admission {
 public:
  struct Limits {
    std::uint32_t total = 0;
    std::uint32_t per_client = 0;
  };
  enum class Verdict { kAdmitted, kTooMany, kTooManyPerClient };

  // Counts a connection in, whatever the verdict; `leave` counts it out.
  Verdict enter(const base::IpAddress& client, const Limits& limits);
  void leave(const base::IpAddress& client);

  std::uint32_t total() const { return total_.load(std::memory_order_relaxed); }

 private:
  static constexpr size_t kShards = 16;
  struct Shard {
    std::mutex mutex;
    std::map<base::IpAddress, std::uint32_t> counts;
  };
  Shard& shard_of(const base::IpAddress& key);

  std::atomic<std::uint32_t> total_{0};
  std::array<Shard, kShards> shards_;
};

}  // namespace proxy
