// What the name servers said, for as long as it holds. Pure: the caller brings the time.
#pragma once

#include <cstdint>
#include <list>
#include <string>
#include <string_view>
#include <unordered_map>

#include "base/clock.h"
#include "net/dns/outcome.h"

namespace net::dns {

// How long failures that say nothing about the name are remembered, so that a broken server is not
// asked by every request (RFC 9520 §3.2 asks for at least 1 s).
inline constexpr base::Millis kFailureTtl{1000};

struct CacheLimits {
  std::uint32_t entries = 0;  // 0 keeps nothing
  base::Millis min_ttl{0};    // of addresses, whatever their records say
  base::Millis max_ttl{0};
  base::Millis negative_ttl{0};  // of kNotFound and kNoAddress (RFC 2308); bounds kFailureTtl
};

class Cache {
 public:
  explicit Cache(const CacheLimits& limits) : limits_(limits) {}
  Cache(const Cache&) = delete;
  Cache& operator=(const Cache&) = delete;

  // The outcome stored under `name`, or nullptr when there is none or it has expired. Marks it as
  // used. Valid until the next store.
  const Outcome* find(std::string_view name, base::Instant now);

  // Stores `outcome`, in place of what is there, for a time that its verdict decides; the least
  // recently used entry makes room.
  void store(std::string_view name, const Outcome& outcome, base::Instant now);

  // Entries held, expired ones that nobody asked for included.
  size_t size() const { return entries_.size(); }

 private:
  struct Entry {
    std::string name;
    Outcome outcome;
    base::Instant expires;
  };
  using Entries = std::list<Entry>;  // most recently used first

  base::Millis lifetime(const Outcome& outcome) const;
  void erase(Entries::iterator entry);

  CacheLimits limits_;
  Entries entries_;
  // The keys view the names inside the entries.
  std::unordered_map<std::string_view, Entries::iterator> index_;
};

}  // namespace net::dns
