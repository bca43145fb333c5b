// The inspection CA as it is kept: a file of certificates and a file with the key.
#pragma once

#include <string>

#include "base/clock.h"
#include "base/result.h"
#include "tls/authority.h"

namespace tls {

struct AuthorityFiles {
  std::string certificate;  // PEM: the CA's own first, then its issuers' if it is no root
  std::string key;          // PEM, closed to everyone else (read_key_file)
};

// Loads an authority whose leaves clients will accept at the time `now`: key and certificate belong
// together, it is a CA that may sign and is valid, its key and signature are strong enough for
// OpenSSL's security level 2, and its issuers follow it in order. Fails with kIo when a file can't
// be read, else kBadRequest; the sentence names the file and what to do.
base::Result<Authority> load_authority(const AuthorityFiles& files, base::WallTime now);

// Writes an authority to two new files: the key with mode 0600, the certificates with 0644. Fails
// (kIo) when either exists; neither is left behind then.
base::Result<void> save_authority(const AuthorityFiles& files, const Authority& authority);

}  // namespace tls
