// X.509 certificates as values, and what people want to know about them.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "tls/handles.h"

namespace tls {

// Safe to print: text from the certificate is escaped and bounded.
struct CertificateFacts {
  std::string subject;  // RFC 4514 order and escapes: "CN=good.test,O=Example"
  std::string issuer;
  std::vector<std::string> sans;  // DNS names and IP addresses, at most kMaxSans of them
  size_t san_count = 0;           // all of them
  base::WallTime not_before;
  base::WallTime not_after;
  bool is_ca = false;
  std::string sha256;  // fingerprint in lower-case hexadecimal

  static constexpr size_t kMaxSans = 100;
  static constexpr size_t kMaxText = 256;  // octets of subject, issuer and each name
};

// An immutable certificate, cheap to copy.
class Certificate {
 public:
  // `certificate` is not null.
  explicit Certificate(X509Ptr certificate);
  // Another reference to a certificate that OpenSSL owns.
  static Certificate share(x509_st* certificate);

  CertificateFacts facts() const;
  base::WallTime not_before() const;
  base::WallTime not_after() const;
  // All DNS names and IP addresses of its subjectAltName, in their order.
  std::vector<std::string> sans() const;
  std::string pem() const;
  std::string der() const;
  x509_st* raw() const { return certificate_.get(); }

 private:
  std::shared_ptr<x509_st> certificate_;
};

// "2026-02-03T04:05:06Z"
std::string to_string(base::WallTime time);

}  // namespace tls
