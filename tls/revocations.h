// Lists of certificates that their authorities have taken back (CRLs, RFC 5280 §5).
#pragma once

#include <cstddef>
#include <string>

#include "base/result.h"
#include "tls/trust.h"

namespace tls {

// Reads the lists of a PEM file. From then on `store` believes a chain only if each certificate of
// it, its authorities included, has a list of its issuer's that is not out of date and does not
// name it. Returns how many it read. Fails (kIo, kBadRequest) with the path and the reason.
base::Result<size_t> add_revocations(TrustStore& store, const std::string& path);

}  // namespace tls
