#include "tls/handles.h"

#include <openssl/bio.h>
#include <openssl/bn.h>
#include <openssl/evp.h>
#include <openssl/ocsp.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

namespace tls {

void Free::operator()(bignum_st* object) const noexcept { BN_free(object); }
void Free::operator()(bio_st* object) const noexcept { BIO_free_all(object); }
void Free::operator()(evp_pkey_st* object) const noexcept { EVP_PKEY_free(object); }
void Free::operator()(NAME_CONSTRAINTS_st* object) const noexcept { NAME_CONSTRAINTS_free(object); }
void Free::operator()(ocsp_basic_response_st* object) const noexcept {
  OCSP_BASICRESP_free(object);
}
void Free::operator()(ocsp_cert_id_st* object) const noexcept { OCSP_CERTID_free(object); }
void Free::operator()(ocsp_response_st* object) const noexcept { OCSP_RESPONSE_free(object); }
void Free::operator()(ssl_ctx_st* object) const noexcept { SSL_CTX_free(object); }
void Free::operator()(ssl_session_st* object) const noexcept { SSL_SESSION_free(object); }
void Free::operator()(ssl_st* object) const noexcept { SSL_free(object); }
void Free::operator()(asn1_string_st* object) const noexcept { ASN1_STRING_free(object); }
void Free::operator()(GENERAL_NAME_st* object) const noexcept { GENERAL_NAME_free(object); }
void Free::operator()(stack_st_GENERAL_NAME* object) const noexcept { GENERAL_NAMES_free(object); }
void Free::operator()(stack_st_X509* object) const noexcept { sk_X509_pop_free(object, X509_free); }
void Free::operator()(x509_st* object) const noexcept { X509_free(object); }
void Free::operator()(X509_crl_st* object) const noexcept { X509_CRL_free(object); }
void Free::operator()(x509_store_st* object) const noexcept { X509_STORE_free(object); }
void Free::operator()(X509_extension_st* object) const noexcept { X509_EXTENSION_free(object); }

}  // namespace tls
