#include "tls/strict.h"

#include <openssl/x509v3.h>

#include "tls/strength.h"

namespace tls {

std::vector<std::string> lacks_for_strict_clients(const Certificate& authority) {
  X509* const raw = authority.raw();
  std::vector<std::string> lacks;
  if ((X509_get_extension_flags(raw) & EXFLAG_KUSAGE) == 0) lacks.emplace_back("keyUsage");
  if (X509_get0_subject_key_id(raw) == nullptr) lacks.emplace_back("subjectKeyIdentifier");
  if (!is_issued_by(authority, authority) && X509_get0_authority_key_id(raw) == nullptr) {
    lacks.emplace_back("authorityKeyIdentifier");
  }
  const int place = X509_get_ext_by_NID(raw, NID_basic_constraints, -1);
  if (place < 0 || X509_EXTENSION_get_critical(X509_get_ext(raw, place)) == 0) {
    lacks.emplace_back("critical basicConstraints");
  }
  return lacks;
}

}  // namespace tls
