#include "tls/leaf_issuer.h"

#include <algorithm>

namespace tls {
namespace {

// Clocks of clients may be behind ours.
constexpr std::chrono::hours kBackdated{1};

}  // namespace

LeafIssuer::LeafIssuer(Authority authority, PrivateKey key, std::chrono::seconds validity)
    : authority_(std::move(authority)), key_(std::move(key)), validity_(validity) {
  for (const Certificate& each : authority_.chain()) {
    chain_.from = std::max(chain_.from, each.not_before());
    chain_.until = std::min(chain_.until, each.not_after());
  }
}

base::Result<std::shared_ptr<const LeafIssuer>> LeafIssuer::make(Authority authority,
                                                                 std::chrono::seconds validity) {
  if (validity <= std::chrono::seconds::zero() || validity > kMaxLeafValidity) {
    return base::fail(base::ErrorCode::kBadRequest, base::Party::kProxy,
                      "leaves can't be valid for " + std::to_string(validity.count()) +
                          " s; expected more than 0 and at most 7 days");
  }
  base::Result<PrivateKey> key = PrivateKey::generate();
  if (!key) return base::fail(key.error());
  return std::shared_ptr<const LeafIssuer>(
      new LeafIssuer(std::move(authority), std::move(*key), validity));
}

base::Result<std::shared_ptr<const Leaf>> LeafIssuer::issue(const PeerName& name,
                                                            const Validity& origin,
                                                            base::WallTime now) const {
  // Certificates count in seconds.
  const auto whole = [](base::WallTime time) {
    return std::chrono::floor<std::chrono::seconds>(time);
  };
  const base::WallTime not_before = whole(std::max({now - kBackdated, chain_.from, origin.from}));
  const base::WallTime not_after = whole(std::min({now + validity_, chain_.until, origin.until}));
  if (not_after <= now) {
    const bool ours = chain_.until <= origin.until;
    return base::fail(base::ErrorCode::kBadRequest,
                      ours ? base::Party::kProxy : base::Party::kOrigin,
                      std::string("no certificate can be made for ") + name.text() +
                          ": the one of " + (ours ? "the inspection CA" : "the origin") +
                          " ends at " + to_string(ours ? chain_.until : origin.until) +
                          (ours ? "; replace the CA (sluice ca rotate shows the order)" : ""));
  }
  base::Result<Identity> identity = authority_.issue({{name.text()}, not_before, not_after}, key_);
  if (!identity) return base::fail(identity.error());
  return std::make_shared<const Leaf>(Leaf{name, std::move(*identity), not_before, not_after, now});
}

}  // namespace tls
