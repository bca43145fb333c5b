// What the leaves of a process have in common: the authority that signs them and their key.
#pragma once

#include <chrono>
#include <memory>

#include "base/clock.h"
#include "base/result.h"
#include "tls/authority.h"
#include "tls/peer_name.h"

namespace tls {

inline constexpr std::chrono::hours kMaxLeafValidity{7 * 24};

// What an inspected client is shown for one name. Immutable.
struct Leaf {
  PeerName name;
  Identity identity;
  base::WallTime not_before;
  base::WallTime not_after;
  base::WallTime made_at;
};

// Immutable and shared by all workers. Its key never leaves the process's memory. A new issuer has
// a new key, so the key is rotated by making one: at each start and reload, and once a day.
class LeafIssuer {
 public:
  // `validity` is at most kMaxLeafValidity. Fails (kBadRequest) if it is longer, or not positive.
  static base::Result<std::shared_ptr<const LeafIssuer>> make(
      Authority authority, std::chrono::seconds validity = kMaxLeafValidity);

  // A leaf for exactly `name`, valid from an hour ago (clocks differ) for the issuer's validity but
  // no longer than its authority, nor than `no_later`: the end of the origin's certificate. Fails
  // (kBadRequest) when nothing is left of that, or the authority's name constraints exclude the
  // name.
  base::Result<std::shared_ptr<const Leaf>> issue(const PeerName& name, base::WallTime no_later,
                                                  base::WallTime now) const;

  const Authority& authority() const { return authority_; }

 private:
  LeafIssuer(Authority authority, PrivateKey key, std::chrono::seconds validity);

  Authority authority_;
  PrivateKey key_;
  std::chrono::seconds validity_;
  base::WallTime from_;  // the time for which the whole chain is valid
  base::WallTime until_;
};

}  // namespace tls
