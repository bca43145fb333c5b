// What the commands of `sluice ca` share: where a CA lies and how one is made.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/result.h"
#include "tls/authority_files.h"

namespace cli {

// "sluice-ca.pem" and "sluice-ca.key" in `directory`, and the next CA's beside them.
tls::AuthorityFiles current_ca(const std::string& directory);
tls::AuthorityFiles next_ca(const std::string& directory);

// What `init` and `rotate` are told about a new CA.
struct NewCa {
  std::string name;
  std::uint32_t days = 730;
  bool rsa = false;
  std::vector<std::string> constraints;
};

// "Sluice inspection CA 2026-11-25"
std::string default_ca_name();

// Fails (kBadRequest) on an unusable name or constraint.
base::Result<tls::Authority> make_ca(const NewCa& spec);

// The certificates of a PEM file. Fails with kIo when it can't be read, kBadRequest when it holds
// anything else, such as a key.
base::Result<std::vector<tls::Certificate>> read_ca_certificates(const std::string& path);

// "CN=Sluice inspection CA 2026-11-25, valid until 2028-11-24T00:00:00Z"
std::string summary_of(const tls::Certificate& certificate);

}  // namespace cli
