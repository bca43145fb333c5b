#include "tls/identity.h"

#include <openssl/x509.h>

#include "tls/bundle.h"
#include "tls/error.h"

namespace tls {

base::Result<Identity> Identity::from_pem(std::string_view chain, std::string_view key) {
  base::Result<std::vector<Certificate>> certificates = parse_bundle(chain);
  if (!certificates) return base::fail(certificates.error());
  base::Result<PrivateKey> parsed = PrivateKey::from_pem(key);
  if (!parsed) return base::fail(parsed.error());
  if (!belongs(*parsed, certificates->front())) {
    return base::fail(base::ErrorCode::kBadRequest, base::Party::kProxy,
                      "the private key does not belong to the first certificate (subject \"" +
                          certificates->front().facts().subject +
                          "\"); put the leaf first and use the key it was issued for");
  }
  return Identity{std::move(*parsed), std::move(*certificates)};
}

bool belongs(const PrivateKey& key, const Certificate& certificate) {
  const bool match = X509_check_private_key(certificate.raw(), key.raw()) == 1;
  take_library_error();
  return match;
}

}  // namespace tls
