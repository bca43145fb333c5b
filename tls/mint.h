// Building certificates piece by piece; only tls/ sees it.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "tls/certificate.h"
#include "tls/name_constraints.h"
#include "tls/private_key.h"

namespace tls {

// A certificate in the making. The first failure sticks and comes out of `sign`.
class Mint {
 public:
  // X.509 v3 with a random positive serial of 128 bits (RFC 5280 §4.1.2.2) for `key`.
  explicit Mint(const PrivateKey& key);

  Mint& validity(base::WallTime not_before, base::WallTime not_after);
  // Empty leaves the subject empty.
  Mint& common_name(const std::string& name);
  // Issued by `issuer`, or by itself when null. Set the subject first.
  Mint& issuer(const Certificate* issuer);
  // An extension in OpenSSL's notation (x509v3_config(5)). `value` is never text from outside.
  Mint& extension(int nid, const char* value);
  // subjectAltName; critical when the subject is empty (RFC 5280 §4.2.1.6).
  Mint& names(const std::vector<std::string>& names);

  // nameConstraints, critical; none when there is nothing to constrain.
  Mint& constraints(const NameConstraints& constraints);

  base::Result<Certificate> sign(const PrivateKey& key);

 private:
  Mint& step(int succeeded, const char* what);

  X509Ptr certificate_;
  const Certificate* issuer_ = nullptr;
  const char* failed_ = nullptr;
  std::optional<std::string> refused_name_;  // escaped
};

}  // namespace tls
