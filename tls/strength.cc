#include "tls/strength.h"

#include <openssl/evp.h>
#include <openssl/objects.h>
#include <openssl/x509v3.h>

#include "tls/error.h"

namespace tls {
namespace {

constexpr int kLevelTwoBits = 112;  // SSL_CTX_set_security_level(3)

bool is_weak(int digest) {
  return digest == NID_md2 || digest == NID_md4 || digest == NID_md5 || digest == NID_sha1 ||
         digest == NID_md5_sha1 || digest == NID_ripemd160;
}

}  // namespace

Strength strength_of(const Certificate& certificate) {
  Strength strength;
  if (const EVP_PKEY* key = X509_get0_pubkey(certificate.raw())) {
    const char* name = OBJ_nid2sn(EVP_PKEY_get_base_id(key));
    const std::string type = name == nullptr ? "unknown" : name;
    strength.key = (type == "rsaEncryption"    ? "RSA"
                    : type == "id-ecPublicKey" ? "EC"
                                               : type) +
                   " " + std::to_string(EVP_PKEY_get_bits(key));
    strength.key_security_bits = EVP_PKEY_get_security_bits(key);
    strength.is_weak_key = strength.key_security_bits < kLevelTwoBits;
  } else {
    strength.key = "unknown";
    strength.is_weak_key = true;
  }
  int digest = NID_undef;
  if (X509_get_signature_info(certificate.raw(), &digest, nullptr, nullptr, nullptr) == 1 &&
      digest != NID_undef) {
    strength.digest = OBJ_nid2sn(digest);
    strength.is_weak_digest = is_weak(digest);
  }
  take_library_error();
  return strength;
}

bool is_issued_by(const Certificate& certificate, const Certificate& issuer) {
  EVP_PKEY* key = X509_get0_pubkey(issuer.raw());
  const bool issued = key != nullptr &&
                      X509_check_issued(issuer.raw(), certificate.raw()) == X509_V_OK &&
                      X509_verify(certificate.raw(), key) == 1;
  take_library_error();
  return issued;
}

}  // namespace tls
