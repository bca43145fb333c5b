// Destinations that a proxy saw, gathered to make an allow-list of: a value that workers fill, that
// is merged, written to a file and read again.
#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <tuple>

#include "base/clock.h"
#include "base/ip.h"
#include "base/result.h"

namespace aks {

enum class LearnedMethod : std::uint8_t { kConnect, kForward };
enum class LearnedVerdict : std::uint8_t { kAllow, kWouldDeny, kDeny };

// One request, as far as it counts here.
struct LearnedRequest {
  std::string_view host;  // canonical (http/target.h)
  std::uint16_t port = 0;
  LearnedMethod method = LearnedMethod::kConnect;
  LearnedVerdict verdict = LearnedVerdict::kAllow;
  base::IpAddress client;
  base::WallTime time;
};

struct LearnedFacts {
  static constexpr std::size_t kMaxClients = 16;

  std::uint64_t allowed = 0;
  std::uint64_t would_be_denied = 0;
  std::uint64_t denied = 0;
  base::WallTime first;
  base::WallTime last;
  std::set<base::IpAddress> clients;  // the first kMaxClients
  bool has_more_clients = false;

  std::uint64_t count() const { return allowed + would_be_denied + denied; }
  void add_client(const base::IpAddress& client);
  // Sums both.
  void add(const LearnedFacts& other);
  friend bool operator==(const LearnedFacts&, const LearnedFacts&) = default;
};

class Learned {
 public:
  // Host, port, method.
  using Key = std::tuple<std::string, std::uint16_t, LearnedMethod>;
  using Destinations = std::map<Key, LearnedFacts, std::less<>>;

  // Holds at most `limit` destinations. Who makes names up pushes out its own: room is made by the
  // client that alone asked for most of them, those first that were denied, that were asked for
  // least and longest ago. Their requests are counted as dropped.
  explicit Learned(std::size_t limit) : limit_(limit) {}

  void add(const LearnedRequest& request);
  // Adds what `other` holds, its drops included.
  void merge(const Learned& other);
  // A destination with facts at once. False when there is no room at all, which counts as a drop
  // each.
  bool add(Key key, const LearnedFacts& facts);

  const Destinations& destinations() const { return destinations_; }
  std::size_t limit() const { return limit_; }
  std::uint64_t dropped() const { return dropped_; }
  void add_dropped(std::uint64_t count) { dropped_ += count; }
  friend bool operator==(const Learned&, const Learned&) = default;

 private:
  // False with a limit of 0.
  bool make_room();

  std::size_t limit_;
  Destinations destinations_;
  std::uint64_t dropped_ = 0;  // requests
};

}  // namespace aks
