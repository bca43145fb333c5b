// How strong a certificate's key and signature are, and who signed it.
#pragma once

#include <string>

#include "tls/certificate.h"

namespace tls {

struct Strength {
  std::string key;              // "RSA 2048", "EC 256", "ED25519 256"
  int key_security_bits = 0;    // NIST SP 800-57: RSA 2048 has 112, P-256 has 128
  std::string digest;           // of its signature: "SHA1", "SHA256"; "" where that has none
  bool is_weak_digest = false;  // MD5 and older, SHA-1
  bool is_weak_key = false;     // below the 112 bits of OpenSSL's security level 2
};

Strength strength_of(const Certificate& certificate);

// Whether `issuer` signed `certificate`: by names, key identifiers and the signature itself.
bool is_issued_by(const Certificate& certificate, const Certificate& issuer);

}  // namespace tls
