// PEM bundles of certificates: system roots, trustedCa, server chains.
#pragma once

#include <string_view>
#include <vector>

#include "base/result.h"
#include "tls/certificate.h"

namespace tls {

// Octets and certificates that a bundle may have; Debian's system bundle has 220 KB and 142.
inline constexpr size_t kMaxBundleBytes = 4 * 1024 * 1024;
inline constexpr size_t kMaxBundleCertificates = 2000;

// Parses certificates with any text around them, in their order. Fails (kBadRequest, party: proxy)
// when there is none, or when a block is malformed or holds something else, such as a private key;
// the sentence says which block it is.
base::Result<std::vector<Certificate>> parse_bundle(std::string_view pem);

}  // namespace tls
