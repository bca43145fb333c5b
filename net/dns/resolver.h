// From names to addresses, for one worker: overrides, a cache, and the name servers. Never blocks.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/clock.h"
#include "base/ip.h"
#include "base/result.h"
#include "net/dns/cache.h"
#include "net/dns/flight.h"
#include "net/task.h"

namespace net::dns {

struct Override {
  std::string name;  // lower case, no trailing dot
  std::vector<base::IpAddress> addresses;
};

struct Options {
  std::vector<base::Endpoint> servers;  // empty: those of /etc/resolv.conf, read once
  std::vector<Override> hosts;          // answer instead of the servers; /etc/hosts is not read
  base::Millis query_timeout{5000};     // until the servers have failed, all tries together
  base::Millis min_ttl{5000};
  base::Millis max_ttl{300'000};
  base::Millis negative_ttl{5000};
  std::uint32_t cache_entries = 4096;
  std::uint32_t max_queries = 1024;  // names looked up at the same time
};

struct Answer {
  enum class Source : std::uint8_t { kLiteral, kOverride, kCache, kQuery };
  std::vector<base::IpAddress> addresses;  // 1 to kMaxAddresses; those of DNS with IPv6 first
  Source source = Source::kQuery;
};

class Resolver final : private Flight::Owner {
 public:
  // Fails with kDnsUnreachable (party: proxy) when there is no server to ask. The loop outlives the
  // resolver.
  static base::Result<std::unique_ptr<Resolver>> create(Loop& loop, const Options& options);
  // Whoever waits for a lookup of this resolver never wakes; destroying the task is all it needs.
  ~Resolver();
  Resolver(const Resolver&) = delete;
  Resolver& operator=(const Resolver&) = delete;

  // The addresses of `name`: an IP literal without brackets, or a name in lower case without
  // trailing dot, taken as absolute. Concurrent calls for one name share one lookup, each with its
  // deadline; a lookup ends when everyone has stopped waiting. `claim` is the client's, and
  // outlives the task: with max_queries names under way, whoever has most of them gives one up for
  // a client that has fewer. Fails with kDnsNotFound, kDnsNoAddress, kDnsServerFailure (also
  // without a place among max_queries; party: proxy), kDnsRefused, kDnsTimeout (also at `deadline`)
  // or kDnsUnreachable.
  Task<base::Result<Answer>> resolve(std::string name, base::Instant deadline, Claim& claim);

  // Questions put to the servers, two a lookup; tries are not counted.
  std::uint64_t queries() const { return queries_; }
  // Calls answered by the cache, remembered failures included.
  std::uint64_t cache_hits() const { return cache_hits_; }
  // Lookups that ended without an address.
  std::uint64_t failures() const { return failures_; }
  size_t cached_names() const { return cache_.size(); }
  size_t lookups_in_flight() const { return flights_.size(); }
  // Questions that are under way, of lookups that were given up as well.
  size_t questions() const;

 private:
  Resolver(Loop& loop, const Options& options, Servers servers);

  // The flight that looks `name` up, started if there is none; nullptr without a place for it.
  Flight* join(const std::string& name, const Claim& claim);
  bool make_room(const Claim& claim);
  void end(const Flight& flight);
  void on_flight(Flight& flight) override;
  void on_abandoned(Flight& flight) override;
  void deliver_soon();
  void deliver();

  Loop& loop_;
  std::uint32_t max_queries_;
  std::unordered_map<std::string, std::vector<base::IpAddress>> overrides_;
  Cache cache_;
  base::Millis query_timeout_;
  Servers servers_;
  std::unordered_map<std::string, std::unique_ptr<Flight>> flights_;
  std::vector<Flight*> landed_;  // with something to deliver, none twice
  Flight::Served given_up_;      // to be resumed
  enum class Delivery : std::uint8_t { kNone, kSoon } delivery_ = Delivery::kNone;
  std::uint64_t queries_ = 0;
  std::uint64_t cache_hits_ = 0;
  std::uint64_t failures_ = 0;
  std::shared_ptr<const bool> alive_;  // deferred work holds it weakly
};

}  // namespace net::dns
