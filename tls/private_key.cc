#include "tls/private_key.h"

#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>

#include <cassert>

#include "tls/error.h"

namespace tls {
namespace {

// Without it OpenSSL would ask the terminal for a passphrase.
int no_passphrase(char*, int, int, void*) { return -1; }

// X509_set_pubkey sends a key of OpenSSL's providers through an encoder and a decoder, which took
// 172 of a leaf's 229 microseconds with OpenSSL 3.0. A key of the older kind is encoded directly,
// in 5. Where the older kind can't be had, the key itself serves as well.
KeyPtr make_public_half(evp_pkey_st* key) {
  KeyPtr half(EVP_PKEY_new());
  unsigned char* point = nullptr;
  const size_t size =
      EVP_PKEY_is_a(key, "EC") == 1 ? EVP_PKEY_get1_encoded_public_key(key, &point) : 0;
  const bool made = half && size > 0 && EVP_PKEY_set_type(half.get(), EVP_PKEY_EC) == 1 &&
                    EVP_PKEY_copy_parameters(half.get(), key) == 1 &&
                    EVP_PKEY_set1_encoded_public_key(half.get(), point, size) == 1;
  OPENSSL_free(point);
  if (made) return half;
  take_library_error();
  EVP_PKEY_up_ref(key);
  return KeyPtr(key);
}

}  // namespace

PrivateKey::PrivateKey(KeyPtr key) : key_(std::move(key)) {
  assert(key_ && "a PrivateKey of no key");
  public_ = make_public_half(key_.get());
}

base::Result<PrivateKey> PrivateKey::generate(KeyKind kind) {
  ERR_clear_error();
  KeyPtr key(kind == KeyKind::kP256 ? EVP_EC_gen("P-256") : EVP_RSA_gen(3072));
  if (!key) return library_failure("cannot generate a key");
  return PrivateKey(std::move(key));
}

base::Result<PrivateKey> PrivateKey::from_pem(std::string_view pem) {
  ERR_clear_error();
  if (pem.size() > kMaxKeyBytes) {
    return base::fail(base::ErrorCode::kBadRequest, base::Party::kProxy,
                      "the private key has more than 64 KiB of PEM; expected a single key");
  }
  const BioPtr memory(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
  KeyPtr key(memory ? PEM_read_bio_PrivateKey(memory.get(), nullptr, no_passphrase, nullptr)
                    : nullptr);
  // What OpenSSL says here may quote the input, so it is dropped.
  take_library_error();
  if (!key) {
    return base::fail(base::ErrorCode::kBadRequest, base::Party::kProxy,
                      "the text is not an unencrypted private key in PEM; expected "
                      "\"-----BEGIN PRIVATE KEY-----\" (openssl pkey removes a passphrase)");
  }
  return PrivateKey(std::move(key));
}

std::string PrivateKey::pem() const {
  const BioPtr memory(BIO_new(BIO_s_secmem()));
  if (!memory || PEM_write_bio_PKCS8PrivateKey(memory.get(), raw(), nullptr, nullptr, 0, nullptr,
                                               nullptr) != 1) {
    take_library_error();
    return {};
  }
  char* data = nullptr;
  const long size = BIO_get_mem_data(memory.get(), &data);
  return {data, static_cast<size_t>(size)};
}

void wipe(std::string& secret) {
  OPENSSL_cleanse(secret.data(), secret.size());
  secret.clear();
}

}  // namespace tls
