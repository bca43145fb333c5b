// What OpenSSL's VERIFY_X509_STRICT asks of an authority beyond RFC 5280's validation. We do not
// (tls/verify.cc), but clients that set it refuse such an authority: Python's ssl from 3.13 on.
#pragma once

#include <string>
#include <vector>

#include "tls/certificate.h"

namespace tls {

// "keyUsage", "subjectKeyIdentifier", "authorityKeyIdentifier" (not of roots), "critical
// basicConstraints": those that the authority lacks.
std::vector<std::string> lacks_for_strict_clients(const Certificate& authority);

}  // namespace tls
