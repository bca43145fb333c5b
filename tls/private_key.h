// Private keys as values. They are never logged; their text is wiped after use.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "base/result.h"
#include "tls/handles.h"

namespace tls {

// An immutable key, cheap to copy.
class PrivateKey {
 public:
  // `key` is not null.
  explicit PrivateKey(KeyPtr key);

  // A new P-256 key.
  static base::Result<PrivateKey> generate();
  // PKCS#8, or the older forms for RSA and EC; encrypted keys are refused, since nobody can be
  // asked.
  static base::Result<PrivateKey> from_pem(std::string_view pem);

  // Unencrypted PKCS#8. The caller wipes it (`wipe`).
  std::string pem() const;
  evp_pkey_st* raw() const { return key_.get(); }

 private:
  std::shared_ptr<evp_pkey_st> key_;
};

// Overwrites a secret in a way that the compiler keeps, and empties the string.
void wipe(std::string& secret);

// Writes `key` to a new file at `path` with mode 0600. Fails (kIo) when anything exists there,
// since overwriting a key can't be undone. No part of a file stays behind after a failure.
base::Result<void> write_key_file(const std::string& path, const PrivateKey& key);

}  // namespace tls
