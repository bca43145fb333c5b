// What was found out about clients and origins of inspected tunnels, and is remembered for a while.
#pragma once

#include <cstdint>
#include <mutex>
#include <string>
#include <unordered_map>
#include <vector>

#include "base/clock.h"
#include "base/ip.h"
#include "http/target.h"

namespace proxy::inspect {

// Pairs of names. Bounded: what is over makes room, or else the oldest pairs of those who have the
// most, so that one client does not push out the others' by inventing names. Has no lock.
class Memory {
 public:
  static constexpr size_t kMaxPairs = 4096;
  static constexpr size_t kRoom = 64;  // pairs that leave at a time, at most

  struct Pair {
    std::string who;
    std::string whom;
    std::uint64_t times = 0;
    base::WallTime last;
    base::Instant until;
    std::uint64_t turn = 0;  // when it was noted last, in calls
  };

  // Counts the pair, and remembers it until then. Returns whether it is new.
  bool note(const std::string& who, const std::string& whom, base::Instant now,
            base::Instant until);
  bool has(const std::string& who, const std::string& whom, base::Instant now) const;
  // Those that are remembered still, in no order.
  std::vector<Pair> pairs(base::Instant now) const;

 private:
  using Own = std::unordered_map<std::string, Pair>;  // by whom
  void make_room(base::Instant now);
  void forget(const Pair& pair);

  std::unordered_map<std::string, Own> by_who_;  // no empty ones
  size_t size_ = 0;
  std::uint64_t turns_ = 0;
};

// All workers share it, since a client's next connection comes in at any of them. Thread-safe; the
// lock is held while a pair is looked up or noted, and while all are copied for the admin side.
class Found {
 public:
  // Who rejected our certificate for which name. Returns whether that is news.
  bool note_rejection(const base::IpAddress& client, const std::string& name, base::Instant now,
                      base::Instant until);
  bool was_rejected(const base::IpAddress& client, const std::string& name,
                    base::Instant now) const;

  // Which origin asks for client certificates: the CONNECT's authority and the one that the
  // ClientHello made of it. The latter alone would let a client speak for others' origins.
  void note_asking(const http::Authority& dialled, const http::Authority& origin, base::Instant now,
                   base::Instant until);
  bool is_asking(const http::Authority& dialled, const http::Authority& origin,
                 base::Instant now) const;

  // For /inspection: a JSON object with at most `limit` rows of each kind.
  std::string to_json(base::Instant now, size_t limit) const;

 private:
  mutable std::mutex mutex_;
  Memory rejections_;
  Memory asking_;
};

}  // namespace proxy::inspect
