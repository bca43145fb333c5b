// Requests that reached a proxy although the cluster's noProxy should have kept them away: because
// the client was given another list or reads the list in its own way, or because the list lacks an
// entry that its author thought was there.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "aks/no_proxy/environment.h"
#include "base/ip.h"
#include "http/target.h"

namespace aks {

enum class MisrouteKind {
  kListed,     // an entry covers the destination, by the rules that nodes follow
  kInCluster,  // a name of the cluster's own DNS that no entry covers
  kResolved,   // a name that no entry covers, with an address that one does
};
inline constexpr std::size_t kMisrouteKinds = 3;

// "listed", "in-cluster", "resolved".
std::string_view token_of(MisrouteKind kind);

struct Misroute {
  MisrouteKind kind = MisrouteKind::kListed;
  // The deciding entry as written; "loopback" where clients bypass without one; "" for kInCluster.
  std::string entry;

  friend auto operator<=>(const Misroute&, const Misroute&) = default;
};

// "listed:10.0.0.0/16", "in-cluster".
std::string to_string(const Misroute& misroute);

// Judges requests by one effective noProxy list (aks/effective_no_proxy.h).
class MisrouteJudge {
 public:
  explicit MisrouteJudge(const std::vector<std::string>& no_proxy);

  // Whether the request should not have come. `resolved` are the addresses of a target that is a
  // name, as far as they are known.
  std::optional<Misroute> judge(const http::Authority& target,
                                std::span<const base::IpAddress> resolved) const;

  // The two halves of `judge`. Reading the list takes some 10 µs and depends on the target alone,
  // so it is worth remembering.
  std::optional<Misroute> listed(const http::Authority& target) const;
  std::optional<Misroute> unlisted(const http::Authority& target,
                                   std::span<const base::IpAddress> resolved) const;

 private:
  no_proxy::Environment told_;  // the list, as nodes have it
  std::vector<std::pair<base::Cidr, std::string>> ranges_;
};

// Whether the name belongs to the cluster's DNS: below svc or cluster.local.
bool is_cluster_name(std::string_view host);

// Which clients take the proxy for `host` in spite of the entry, e.g. "wget, … take the proxy in
// spite of this entry". A hint: clients can't be told by their User-Agent for certain.
std::string readers_of(const Misroute& misroute, std::string_view host);

// What to do about it, in a sentence.
std::string fix_of(const Misroute& misroute, std::string_view host);

}  // namespace aks
