// What a TLS server shows: a key with the chain of certificates that vouches for it.
#pragma once

#include <string_view>
#include <vector>

#include "base/result.h"
#include "tls/certificate.h"
#include "tls/private_key.h"

namespace tls {

struct Identity {
  PrivateKey key;
  std::vector<Certificate> chain;  // the leaf first, then intermediates; never empty

  // Parses a PEM chain and the key of its leaf. Fails (kBadRequest) when they don't belong
  // together.
  static base::Result<Identity> from_pem(std::string_view chain, std::string_view key);
};

// Whether `key` is the private half of the public key in `certificate`.
bool belongs(const PrivateKey& key, const Certificate& certificate);

}  // namespace tls
