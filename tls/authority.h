// A certificate authority in the process: for the simulated internet of `sluice check --simulate`.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "tls/identity.h"

namespace tls {

struct AuthoritySpec {
  std::string common_name;  // 1 to 64 octets
  base::WallTime not_before;
  base::WallTime not_after;
};

struct LeafSpec {
  // What the leaf is for, at least one: DNS names, "*." in front allowed, and IP addresses. Nothing
  // else gets into it.
  std::vector<std::string> names;
  // Any validity, past and future ones included.
  base::WallTime not_before;
  base::WallTime not_after;
};

// A self-signed root that signs leaves directly: P-256 unless its key says otherwise, path length
// 0.
class Authority {
 public:
  // With a new P-256 key. Fails (kBadRequest) on an unusable name or validity.
  static base::Result<Authority> create(const AuthoritySpec& spec);

  // From PEM. Fails (kBadRequest) when the key is not the certificate's or the certificate is no
  // authority's. It may be expired; see `certificate().facts()`.
  static base::Result<Authority> from_pem(std::string_view certificate, std::string_view key);

  // A leaf for `key` with a random serial of 128 bits, for TLS servers only. The chain has no root,
  // since who trusts it has it. Fails (kBadRequest) on an unusable name or validity.
  base::Result<Identity> issue(const LeafSpec& spec, const PrivateKey& key) const;

  const Certificate& certificate() const { return self_.chain.front(); }
  const PrivateKey& key() const { return self_.key; }

 private:
  explicit Authority(Identity self) : self_(std::move(self)) {}
  Identity self_;
};

}  // namespace tls
