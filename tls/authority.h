// A certificate authority in the process: for inspection, and for the simulated internet of
// `sluice check --simulate`.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "tls/identity.h"
#include "tls/name_constraints.h"

namespace tls {

struct AuthoritySpec {
  std::string common_name;  // 1 to 64 octets
  base::WallTime not_before;
  base::WallTime not_after;
  KeyKind key = KeyKind::kP256;
  NameConstraints constraints = {};
};

struct LeafSpec {
  // What the leaf is for, at least one: DNS names, "*." in front allowed, and IP addresses. Nothing
  // else gets into it.
  std::vector<std::string> names;
  // Any validity, past and future ones included.
  base::WallTime not_before;
  base::WallTime not_after;
};

// A key and the certificate that lets it sign leaves. Immutable, cheap to copy, and usable from all
// threads.
class Authority {
 public:
  // A self-signed root of path length 0 with a new key. Fails (kBadRequest) on an unusable name or
  // validity.
  static base::Result<Authority> create(const AuthoritySpec& spec);

  // From PEM: its certificate first, then those of its own issuers if it is no root. Fails
  // (kBadRequest) when the key is not the certificate's or the certificate is no authority's. It
  // may be expired or weak; load_authority checks that too.
  static base::Result<Authority> from_pem(std::string_view certificates, std::string_view key);
  static base::Result<Authority> from_identity(Identity self);

  // A leaf for `key` with a random serial of 128 bits, for TLS servers only. Its chain goes up to
  // but does not include the root, since who trusts that has it. Fails (kBadRequest) on an unusable
  // name or validity, or a name that the authority's name constraints exclude.
  base::Result<Identity> issue(const LeafSpec& spec, const PrivateKey& key) const;

  const Certificate& certificate() const { return self_.chain.front(); }
  // The certificate and those of its issuers, as given.
  const std::vector<Certificate>& chain() const { return self_.chain; }
  const PrivateKey& key() const { return self_.key; }

 private:
  explicit Authority(Identity self);
  base::Result<void> permit(const Certificate& leaf) const;

  Identity self_;
  std::vector<Certificate> intermediates_;            // what leaves are sent with
  std::shared_ptr<NAME_CONSTRAINTS_st> constraints_;  // null when it has none
};

}  // namespace tls
