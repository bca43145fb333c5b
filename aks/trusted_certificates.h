// What is inside trustedCa: whether each certificate does on nodes what it is put there for.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "aks/finding.h"
#include "base/clock.h"
#include "tls/certificate.h"

namespace aks {

// Before this much of a certificate's end the check warns.
inline constexpr std::chrono::hours kExpiresSoon{30 * 24};

// The certificates of a bundle as parse_trusted_ca gives it; those that are none get an error
// under `path`.
std::vector<tls::Certificate> read_certificates(std::string_view pem, const std::string& path,
                                                std::vector<Finding>& findings);

// What certificates are for. AKS looks into none of trustedCa's, and nodes come up whatever they
// are: what is wrong with them is a warning. One's own CA that clients refuse is an error.
enum class CertificateUse { kTrustedCa, kOwnCa };

// Appends what is wrong with them at the time `now`: validity, authority flag, names, strength,
// duplicates, issuers that are missing, order.
void lint_certificates(const std::vector<tls::Certificate>& certificates, base::WallTime now,
                       const std::string& path, std::vector<Finding>& findings,
                       CertificateUse use = CertificateUse::kTrustedCa);

}  // namespace aks
