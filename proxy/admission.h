// How many connections there are, in all and per client, and how fast each client makes new ones:
// shared by all workers. Touched when a connection begins and ends, never on the data path; at each
// request only where requests a second are limited.
#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <mutex>
#include <string>
#include <unordered_map>
#include <utility>

#include "base/clock.h"

namespace proxy {

// What a client may do so many times a second, or at once after a pause of a second.
class TokenBucket {
 public:
  // Whether one more is within `per_second`, which then counts.
  bool take(std::uint32_t per_second, base::Instant now);
  // It has what a new one has.
  bool is_full(base::Instant now) const { return now >= full_at_; }

 private:
  base::Instant full_at_{};
};

class Admission {
 public:
  struct Limits {
    std::uint32_t total = 0;
    std::uint32_t per_client = 0;              // 0: as many as its share
    std::uint32_t connections_per_second = 0;  // of one client; 0: any number
  };
  // kBeyondShare: what is left is for other clients.
  enum class Verdict { kAdmitted, kTooMany, kTooManyPerClient, kBeyondShare, kTooFast };
  struct Entry {
    Verdict verdict = Verdict::kAdmitted;
    std::uint32_t connections = 0;  // of the client, this one included
    std::uint32_t most = 0;         // that it may have, as far as is known
    enum class Crowd : std::uint8_t { kRoomy, kNearlyFull } crowd = Crowd::kRoomy;
  };

  // Counts a connection in, whatever the verdict; `leave` counts it out. `client` is its
  // client_key. kNearlyFull is said when the client reaches 80 % of what it may have.
  Entry enter(const std::string& client, const Limits& limits, base::Instant now);
  void leave(const std::string& client);
  // A connection that is counted turns out to be another client's, which has told its name.
  Entry move(const std::string& from, const std::string& to, const Limits& limits,
             base::Instant now);

  enum class Deed : std::uint8_t { kHandshake, kRequest };
  // Whether the client, which has entered, may do that once more within `per_second`.
  bool allows(const std::string& client, Deed deed, std::uint32_t per_second, base::Instant now);

  std::uint32_t total() const { return total_.load(std::memory_order_relaxed); }

 private:
  static constexpr size_t kShards = 16;
  struct Client {
    std::uint32_t connections = 0;
    TokenBucket connecting;
    std::array<TokenBucket, 2> deeds;
    bool is_new(base::Instant now) const;
  };
  struct Shard {
    std::mutex mutex;
    std::unordered_map<std::string, Client> clients;
    size_t swept_at = 64;  // clients held when those that have left are to be forgotten
  };
  Entry count(const std::string& client, std::uint32_t total, const Limits& limits,
              base::Instant now);
  Shard& shard_of(const std::string& client);
  static void sweep(Shard& shard, base::Instant now);
  void count_out(const std::string& client);

  std::atomic<std::uint32_t> total_{0};
  std::array<Shard, kShards> shards_;
};

// A place among the connections, which is given back with it.
class Place {
 public:
  Place() = default;
  // One that `client` has entered.
  Place(Admission& admission, std::string client)
      : admission_(&admission), client_(std::move(client)) {}
  Place(Place&& other) noexcept
      : admission_(std::exchange(other.admission_, nullptr)), client_(std::move(other.client_)) {}
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
  std::string client_;
};

}  // namespace proxy
