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

// The time for which a certificate is valid; without limits where nothing else is said.
struct Validity {
  base::WallTime from = base::WallTime::min();
  base::WallTime until = base::WallTime::max();
};

// What an inspected client is shown for one name. Immutable.
struct Leaf {
  PeerName name;
  Identity identity;
  base::WallTime not_before;
  base::WallTime not_after;
  base::WallTime made_at;
  std::shared_ptr<ssl_ctx_st> context{};  // of a settled leaf (LeafServer::settle), else null
};

// Immutable and shared by all workers. Its key never leaves the process's memory. A new issuer has
// a new key, so the key is rotated by making one: at each start and reload, and once a day.
class LeafIssuer {
 public:
  // `validity` is at most kMaxLeafValidity. Fails (kBadRequest) if it is longer, or not positive.
  static base::Result<std::shared_ptr<const LeafIssuer>> make(
      Authority authority, std::chrono::seconds validity = kMaxLeafValidity);

  // A leaf for exactly `name`, valid from an hour ago (clocks differ) for the issuer's validity but
  // never outside its authority's, nor outside `origin`: that of the origin's certificate. Fails
  // (kBadRequest) when nothing is left of that, or the authority's name constraints exclude the
  // name.
  base::Result<std::shared_ptr<const Leaf>> issue(const PeerName& name, const Validity& origin,
                                                  base::WallTime now) const;

  const Authority& authority() const { return authority_; }

 private:
  LeafIssuer(Authority authority, PrivateKey key, std::chrono::seconds validity);

  Authority authority_;
  PrivateKey key_;
  std::chrono::seconds validity_;
  Validity chain_;  // for which all of it is valid
};

}  // namespace tls
