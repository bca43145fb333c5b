// How many connections there are, in all and per client: shared by all workers and touched only
// when a connection begins and ends, never on the data path.
#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <map>
#include <mutex>
#include <utility>

#include "base/ip.h"

namespace proxy {

class Admission {
 public:
  struct Limits {
    std::uint32_t total = 0;
    std::uint32_t per_client = 0;
  };
  // kBeyondShare: what is left is for other clients.
  enum class Verdict { kAdmitted, kTooMany, kTooManyPerClient, kBeyondShare };

  // Counts a connection in, whatever the verdict; `leave` counts it out.
  Verdict enter(const base::IpAddress& client, const Limits& limits);
  void leave(const base::IpAddress& client);

  std::uint32_t total() const { return total_.load(std::memory_order_relaxed); }

 private:
  // A client may have so many times the places that are free. Alone it gets to 15 of 16 of them;
  // whoever comes next finds some free, and gets more as the first gives its own back.
  static constexpr std::uint32_t kShare = 15;

  static constexpr size_t kShards = 16;
  struct Shard {
    std::mutex mutex;
    std::map<base::IpAddress, std::uint32_t> counts;
  };
  Shard& shard_of(const base::IpAddress& key);

  std::atomic<std::uint32_t> total_{0};
  std::array<Shard, kShards> shards_;
};

// A place among the connections, which is given back with it.
class Place {
 public:
  Place() = default;
  // One that `client` has entered.
  Place(Admission& admission, const base::IpAddress& client)
      : admission_(&admission), client_(client) {}
  Place(Place&& other) noexcept
      : admission_(std::exchange(other.admission_, nullptr)), client_(other.client_) {}
  Place& operator=(Place&& other) noexcept {
    std::swap(admission_, other.admission_);
    std::swap(client_, other.client_);
    return *this;
  }
  ~Place() { leave(); }

  explicit operator bool() const { return admission_ != nullptr; }
  void leave() {
    if (admission_ != nullptr) std::exchange(admission_, nullptr)->leave(client_);
  }
  // Somebody else gives it back.
  void hand_over() { admission_ = nullptr; }

 private:
  Admission* admission_ = nullptr;
  base::IpAddress client_;
};

}  // namespace proxy
