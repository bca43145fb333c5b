// Private keys as values. They are never logged; their text is wiped after use.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "base/result.h"
#include "tls/handles.h"

namespace tls {

// Octets that a key's PEM may have: large enough for RSA-16384 with comments.
inline constexpr size_t kMaxKeyBytes = 64 * 1024;

enum class KeyKind { kP256, kRsa3072 };

// An immutable key, cheap to copy.
class PrivateKey {
 public:
  // `key` is not null.
  explicit PrivateKey(KeyPtr key);

  static base::Result<PrivateKey> generate(KeyKind kind = KeyKind::kP256);
  // PKCS#8, or the older forms for RSA and EC; encrypted keys are refused, since nobody can be
  // asked.
  static base::Result<PrivateKey> from_pem(std::string_view pem);

  // Unencrypted PKCS#8. The caller wipes it (`wipe`).
  std::string pem() const;
  evp_pkey_st* raw() const { return key_.get(); }
  // The public half alone, in the form that is cheapest to put into certificates.
  evp_pkey_st* public_half() const { return public_.get(); }

 private:
  std::shared_ptr<evp_pkey_st> key_;
  std::shared_ptr<evp_pkey_st> public_;
};

// Overwrites a secret in a way that the compiler keeps, and empties the string.
void wipe(std::string& secret);

}  // namespace tls
