// Certificates and servers that no honest authority or careful operator would make.
#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "tests/unit/tls/support.h"
#include "tls/identity.h"

namespace tls_test {

// Extensions are in the notation of x509v3_config(5); empty leaves one out.
struct Forgery {
  std::string common_name = "good.test";
  std::string names = "DNS:good.test";
  int valid_from_hours = -1;
  int valid_to_hours = 24;
  std::string key = "P-256";  // or "P-384", "ED25519", "RSA:2048", "explicit": P-256 spelt out
  std::string digest = "SHA256";
  std::string constraints = "critical,CA:FALSE";
  std::string usage = "critical,digitalSignature";
  std::string purpose = "serverAuth";
  std::string subject_key_id = "hash";
  std::string authority_key_id = "keyid:always";
  std::vector<std::pair<std::string, std::string>> more;  // names or OIDs, and values
};

// What an authority looks like when nothing is wrong with it.
Forgery authority(std::string common_name);

// Signed by `issuer`, or by itself when null. The chain holds only the new certificate.
tls::Identity forge(const Forgery& spec, const tls::Identity* issuer);

// Another self-signed certificate with the key of `old`.
tls::Identity forge_again(const Forgery& spec, const tls::Identity& old);

// `leaf` with further certificates to send.
tls::Identity with_chain(tls::Identity leaf, const std::vector<tls::Identity>& more);

// What a server without our care accepts to do.
struct WildServer {
  int min_version = 0;  // TLS1_VERSION, …; 0: any
  int max_version = 0;
  std::string ciphers = "ALL:@SECLEVEL=0";
  std::string groups = {};  // "P-384"; empty: any
  std::string alpn = {};    // selected whatever the client offers
  enum class ClientCertificate {
    kIgnored,
    kDemanded
  } client_certificate = ClientCertificate::kIgnored;
};
TlsPtr wild_server(const WildServer& spec, const tls::Identity& identity, StreamPtr below);

// A client that verifies nothing by name, and shows a certificate if it has one.
struct WildClient {
  int max_version = 0;
  const tls::Identity* identity = nullptr;  // shown when asked for
  ssl_session_st* session = nullptr;        // to resume
};
// `root` is what it needs to believe the server.
TlsPtr wild_client(const WildClient& spec, const tls::Certificate& root, StreamPtr below);

}  // namespace tls_test
