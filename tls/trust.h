// Which authorities are believed when a peer's certificate is verified.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "tls/certificate.h"
#include "tls/handles.h"

namespace tls {

// Starts out trusting nothing. All files are read when they are added and never again, so that no
// handshake waits for a disk.
class TrustStore {
 public:
  TrustStore();

  // The roots of this system: Debian's bundle or, on others, the first that exists of the usual
  // places. Fails (kIo) when there is none, naming where it looked and the package to install.
  static base::Result<TrustStore> system();

  // Adds every certificate of a PEM bundle file, or of the .pem and .crt files of a directory.
  // Returns how many it read. Fails (kIo, or as parse_bundle).
  base::Result<size_t> add_path(const std::string& path);
  // The same for a bundle in memory.
  base::Result<size_t> add_pem(std::string_view pem);
  // Adding a certificate twice is the same as once.
  void add(const Certificate& certificate);

  // From now on believes no certificate with the public key of `authority`, whether it was added
  // before or is added later. It is how our own authority stays out of what is believed of origins,
  // although the system's roots have it.
  void distrust(const Certificate& authority);

  // Those it believes, in no particular order.
  std::vector<Certificate> certificates() const;
  // How many there are.
  size_t size() const;
  x509_store_st* raw() const { return store_.get(); }

 private:
  StorePtr store_;
  std::vector<Certificate> distrusted_;
};

}  // namespace tls
