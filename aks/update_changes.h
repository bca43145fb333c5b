// What differs between the configuration that a cluster has and the one that it is to get.
#pragma once

#include <string>
#include <vector>

#include "aks/http_proxy_config.h"

namespace aks {

// A set of certificates, each by its fingerprint.
struct CertificateSet {
  struct Entry {
    std::string sha256;
    std::string subject;
    std::string pem;
  };
  std::vector<Entry> entries;

  bool contains(const std::string& sha256) const;
  std::string pem() const;
};

// The certificates of a trusted_ca_pem, each once; what does not decode is left out.
CertificateSet certificates_of(const std::string& pem);

struct Changes {
  std::vector<std::string>
      fields;  // of "enabled", "httpProxy", "httpsProxy", "noProxy", "trustedCa"
  std::vector<std::string> proxies_in, proxies_out;    // URLs that clients begin, cease to use
  std::vector<std::string> no_proxy_in, no_proxy_out;  // entries; spelling and order do not count
  CertificateSet ca_in, ca_out, ca_kept, ca_all;
};

Changes compare(const HttpProxyConfig& before, const HttpProxyConfig& after);

// The proxies that clients use, each once; none of a disabled configuration.
std::vector<std::string> proxies_of(const HttpProxyConfig& config);

}  // namespace aks
