#include "tests/unit/tls/forge.h"

#include <openssl/err.h>
#include <openssl/rsa.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

namespace tls_test {
namespace {

using namespace std::chrono_literals;

void check(bool fine, const char* what) {
  if (fine) return;
  std::fprintf(stderr, "forging failed: %s\n", what);
  ERR_print_errors_fp(stderr);
  std::abort();
}

tls::PrivateKey make_key(const std::string& kind) {
  EVP_PKEY* key = nullptr;
  if (kind.starts_with("RSA:")) {
    key = EVP_RSA_gen(static_cast<unsigned>(std::stoul(kind.substr(4))));
  } else if (kind == "ED25519") {
    key = EVP_PKEY_Q_keygen(nullptr, nullptr, "ED25519");
  } else if (kind == "explicit") {
    key = EVP_EC_gen("P-256");
    check(EVP_PKEY_set_utf8_string_param(key, "encoding", "explicit") == 1, "encoding");
  } else {
    key = EVP_EC_gen(kind.c_str());
  }
  check(key != nullptr, "key");
  return tls::PrivateKey(tls::KeyPtr(key));
}

std::time_t hours_from_now(int hours) {
  return std::chrono::system_clock::to_time_t(base::wall_now()) + std::time_t{3600} * hours;
}

void add(X509* certificate, X509* issuer, const char* name, const std::string& value) {
  if (value.empty()) return;
  X509V3_CTX context{};
  X509V3_set_ctx(&context, issuer, certificate, nullptr, nullptr, 0);
  const tls::ExtensionPtr made(X509V3_EXT_nconf(nullptr, &context, name, value.c_str()));
  check(made && X509_add_ext(certificate, made.get(), -1) == 1, name);
}

int choose_alpn(SSL*, const unsigned char** out, unsigned char* size, const unsigned char*,
                unsigned, void* chosen) {
  const auto* text = static_cast<const std::string*>(chosen);
  *out = reinterpret_cast<const unsigned char*>(text->data());
  *size = static_cast<unsigned char>(text->size());
  return SSL_TLSEXT_ERR_OK;
}

}  // namespace

Forgery authority(std::string common_name) {
  Forgery spec;
  spec.common_name = std::move(common_name);
  spec.names.clear();
  spec.constraints = "critical,CA:TRUE";
  spec.usage = "critical,keyCertSign,cRLSign";
  spec.purpose.clear();
  return spec;
}

namespace {

tls::Identity forge_for(const tls::PrivateKey& key, const Forgery& spec,
                        const tls::Identity* issuer) {
  tls::X509Ptr made(X509_new());
  X509* const raw = made.get();
  X509* const by = issuer != nullptr ? issuer->chain.front().raw() : raw;
  X509_set_version(raw, X509_VERSION_3);
  static long serial = 1;
  ASN1_INTEGER_set(X509_get_serialNumber(raw), serial++);
  ASN1_TIME_set(X509_getm_notBefore(raw), hours_from_now(spec.valid_from_hours));
  ASN1_TIME_set(X509_getm_notAfter(raw), hours_from_now(spec.valid_to_hours));
  X509_set_pubkey(raw, key.raw());
  if (!spec.common_name.empty()) {
    X509_NAME_add_entry_by_NID(X509_get_subject_name(raw), NID_commonName, MBSTRING_UTF8,
                               reinterpret_cast<const unsigned char*>(spec.common_name.c_str()), -1,
                               -1, 0);
  }
  X509_set_issuer_name(raw, X509_get_subject_name(by));
  add(raw, by, "basicConstraints", spec.constraints);
  add(raw, by, "keyUsage", spec.usage);
  add(raw, by, "extendedKeyUsage", spec.purpose);
  add(raw, by, "subjectAltName", spec.names);
  add(raw, by, "subjectKeyIdentifier", spec.subject_key_id);
  if (issuer != nullptr) add(raw, by, "authorityKeyIdentifier", spec.authority_key_id);
  for (const auto& [name, value] : spec.more) add(raw, by, name.c_str(), value);
  const tls::PrivateKey& signer = issuer != nullptr ? issuer->key : key;
  const bool own_digest = EVP_PKEY_get_id(signer.raw()) == EVP_PKEY_ED25519;
  const EVP_MD* digest = own_digest ? nullptr : EVP_get_digestbyname(spec.digest.c_str());
  check(X509_sign(raw, signer.raw(), digest) > 0, "sign");
  return {key, {tls::Certificate(std::move(made))}};
}

}  // namespace

tls::Identity forge(const Forgery& spec, const tls::Identity* issuer) {
  return forge_for(make_key(spec.key), spec, issuer);
}

tls::Identity forge_again(const Forgery& spec, const tls::Identity& old) {
  return forge_for(old.key, spec, nullptr);
}

tls::Identity with_chain(tls::Identity leaf, const std::vector<tls::Identity>& more) {
  for (const tls::Identity& one : more) leaf.chain.push_back(one.chain.front());
  return leaf;
}

TlsPtr wild_client(const WildClient& spec, const tls::Certificate& root, StreamPtr below) {
  const tls::SslContextPtr context(SSL_CTX_new(TLS_client_method()));
  SSL_CTX* const raw = context.get();
  check(SSL_CTX_set_max_proto_version(raw, spec.max_version) == 1 &&
            X509_STORE_add_cert(SSL_CTX_get_cert_store(raw), root.raw()) == 1,
        "client settings");
  SSL_CTX_set_mode(raw, SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
  if (spec.identity != nullptr) {
    check(SSL_CTX_use_certificate(raw, spec.identity->chain.front().raw()) == 1 &&
              SSL_CTX_use_PrivateKey(raw, spec.identity->key.raw()) == 1,
          "client identity");
    for (size_t i = 1; i < spec.identity->chain.size(); ++i) {
      SSL_CTX_add1_chain_cert(raw, spec.identity->chain[i].raw());
    }
  }
  tls::SslPtr ssl(SSL_new(raw));
  check(spec.session == nullptr || SSL_set_session(ssl.get(), spec.session) == 1, "session");
  SSL_set_connect_state(ssl.get());
  return std::make_unique<tls::TlsStream>(std::move(ssl), std::move(below), "the server");
}

TlsPtr wild_server(const WildServer& spec, const tls::Identity& identity, StreamPtr below) {
  const tls::SslContextPtr context(SSL_CTX_new(TLS_server_method()));
  SSL_CTX* const raw = context.get();
  check(SSL_CTX_set_min_proto_version(raw, spec.min_version) == 1 &&
            SSL_CTX_set_max_proto_version(raw, spec.max_version) == 1 &&
            SSL_CTX_set_cipher_list(raw, spec.ciphers.c_str()) == 1,
        "server settings");
  SSL_CTX_set_mode(raw, SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
  SSL_CTX_set_dh_auto(raw, 1);
  check(spec.groups.empty() || SSL_CTX_set1_groups_list(raw, spec.groups.c_str()) == 1, "groups");
  check(SSL_CTX_use_certificate(raw, identity.chain.front().raw()) == 1 &&
            SSL_CTX_use_PrivateKey(raw, identity.key.raw()) == 1,
        "server identity");
  for (size_t i = 1; i < identity.chain.size(); ++i) {
    SSL_CTX_add1_chain_cert(raw, identity.chain[i].raw());
  }
  if (!spec.alpn.empty()) {
    SSL_CTX_set_alpn_select_cb(raw, choose_alpn, const_cast<std::string*>(&spec.alpn));
  }
  if (spec.client_certificate == WildServer::ClientCertificate::kDemanded) {
    SSL_CTX_set_verify(raw, SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, nullptr);
  }
  tls::SslPtr ssl(SSL_new(raw));
  SSL_set_accept_state(ssl.get());
  return std::make_unique<tls::TlsStream>(std::move(ssl), std::move(below), "the client");
}

}  // namespace tls_test
