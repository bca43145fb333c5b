#include "tls/error.h"

#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/sslerr.h>
#include <openssl/x509_vfy.h>

namespace tls {
namespace {

std::string text_of(unsigned long code) {
  const char* reason = ERR_reason_error_string(code);
  return reason != nullptr ? reason : "error " + std::to_string(ERR_GET_REASON(code));
}

Fault fault_of_alert(int alert) {
  switch (alert) {
    case SSL_AD_PROTOCOL_VERSION: return Fault::kProtocolVersion;
    case SSL_AD_CERTIFICATE_REQUIRED: return Fault::kClientCertificateRequested;
    // RFC 7301 §3.2: the peers share no application protocol, which is a failed choice like a
    // cipher.
    case SSL_AD_NO_APPLICATION_PROTOCOL: return Fault::kNoCipher;
    default: return Fault::kAlertReceived;
  }
}

}  // namespace

LibraryError take_library_error() {
  LibraryError error;
  while (const unsigned long code = ERR_get_error()) {
    const int library = ERR_GET_LIB(code);
    if (library == ERR_LIB_ASN1) error.asn1 = true;
    if (error.library != 0 && (error.library == ERR_LIB_SSL || library != ERR_LIB_SSL)) continue;
    error.library = library;
    error.reason = ERR_GET_REASON(code);
    error.text = text_of(code);
  }
  return error;
}

int received_alert(const LibraryError& error) {
  const bool alert = error.library == ERR_LIB_SSL && error.reason >= SSL_AD_REASON_OFFSET &&
                     error.reason < SSL_AD_REASON_OFFSET + 256;
  return alert ? error.reason - SSL_AD_REASON_OFFSET : -1;
}

std::string alert_name(int alert) {
  return std::string(SSL_alert_desc_string_long(alert)) + " (" + std::to_string(alert) + ")";
}

Fault fault_of(const LibraryError& error) {
  if (const int alert = received_alert(error); alert >= 0) return fault_of_alert(alert);
  if (error.asn1) return Fault::kMalformedCertificate;
  if (error.library == ERR_LIB_X509 || error.library == ERR_LIB_X509V3) {
    return Fault::kMalformedCertificate;
  }
  if (error.library != ERR_LIB_SSL) return Fault::kOther;
  switch (error.reason) {
    case SSL_R_UNSUPPORTED_PROTOCOL:
    case SSL_R_VERSION_TOO_LOW:
    case SSL_R_VERSION_TOO_HIGH:
    case SSL_R_NO_PROTOCOLS_AVAILABLE:
    case SSL_R_WRONG_SSL_VERSION:
    case SSL_R_UNSUPPORTED_SSL_VERSION:
    case SSL_R_UNKNOWN_SSL_VERSION:
    case SSL_R_BAD_PROTOCOL_VERSION_NUMBER:
    case SSL_R_BAD_LEGACY_VERSION:
    case SSL_R_INAPPROPRIATE_FALLBACK: return Fault::kProtocolVersion;
    case SSL_R_NO_SHARED_CIPHER:
    case SSL_R_NO_SHARED_GROUPS:
    case SSL_R_NO_SHARED_SIGNATURE_ALGORITHMS:
    case SSL_R_NO_SUITABLE_KEY_SHARE:
    case SSL_R_NO_SUITABLE_SIGNATURE_ALGORITHM:
    case SSL_R_NO_CIPHERS_AVAILABLE:
    case SSL_R_NO_CIPHERS_SPECIFIED:
    case SSL_R_NO_APPLICATION_PROTOCOL:
    case SSL_R_UNKNOWN_CIPHER_RETURNED:
    case SSL_R_WRONG_CIPHER_RETURNED: return Fault::kNoCipher;
    case SSL_R_DH_KEY_TOO_SMALL: return Fault::kWeakDh;
    case SSL_R_EE_KEY_TOO_SMALL:
    case SSL_R_CA_KEY_TOO_SMALL: return Fault::kWeakKey;
    case SSL_R_CA_MD_TOO_WEAK: return Fault::kWeakSignature;
    case SSL_R_CERT_LENGTH_MISMATCH:
    case SSL_R_EXCESSIVE_MESSAGE_SIZE:  // a chain beyond SSL_CTX_set_max_cert_list
    case SSL_R_UNKNOWN_CERTIFICATE_TYPE:
    case SSL_R_BAD_ECC_CERT: return Fault::kMalformedCertificate;
    case SSL_R_PEER_DID_NOT_RETURN_A_CERTIFICATE: return Fault::kClientCertificateMissing;
    case SSL_R_UNEXPECTED_EOF_WHILE_READING: return Fault::kHandshakeEof;
    default: return Fault::kOther;
  }
}

Fault fault_of_verification(int code, int depth) {
  switch (code) {
    case X509_V_OK: return Fault::kNone;
    case X509_V_ERR_CERT_HAS_EXPIRED: return Fault::kExpired;
    case X509_V_ERR_CERT_NOT_YET_VALID: return Fault::kNotYetValid;
    case X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT: return Fault::kSelfSigned;
    case X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN:
    case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT:
    case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY:
    case X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE:
    case X509_V_ERR_CERT_UNTRUSTED:
    case X509_V_ERR_CERT_REJECTED: return Fault::kUntrustedRoot;
    case X509_V_ERR_HOSTNAME_MISMATCH:
    case X509_V_ERR_IP_ADDRESS_MISMATCH: return Fault::kHostMismatch;
    case X509_V_ERR_EE_KEY_TOO_SMALL:
    case X509_V_ERR_CA_KEY_TOO_SMALL: return Fault::kWeakKey;
    case X509_V_ERR_CA_MD_TOO_WEAK: return Fault::kWeakSignature;
    case X509_V_ERR_CERT_REVOKED: return Fault::kRevoked;
    case X509_V_ERR_UNABLE_TO_GET_CRL:
    case X509_V_ERR_UNABLE_TO_GET_CRL_ISSUER:
    case X509_V_ERR_UNABLE_TO_DECRYPT_CRL_SIGNATURE:
    case X509_V_ERR_CRL_SIGNATURE_FAILURE:
    case X509_V_ERR_CRL_NOT_YET_VALID:
    case X509_V_ERR_CRL_HAS_EXPIRED:
    case X509_V_ERR_ERROR_IN_CRL_LAST_UPDATE_FIELD:
    case X509_V_ERR_ERROR_IN_CRL_NEXT_UPDATE_FIELD:
    case X509_V_ERR_KEYUSAGE_NO_CRL_SIGN:
    case X509_V_ERR_UNHANDLED_CRITICAL_CRL_EXTENSION:
    case X509_V_ERR_DIFFERENT_CRL_SCOPE:
    case X509_V_ERR_CRL_PATH_VALIDATION_ERROR: return Fault::kRevocationUnknown;
    case X509_V_ERR_INVALID_PURPOSE: return depth == 0 ? Fault::kBadPurpose : Fault::kBadCa;
    case X509_V_ERR_INVALID_CA:
    case X509_V_ERR_INVALID_NON_CA:
    case X509_V_ERR_KEYUSAGE_NO_CERTSIGN:
    case X509_V_ERR_CA_CERT_MISSING_KEY_USAGE:
    case X509_V_ERR_CA_BCONS_NOT_CRITICAL: return Fault::kBadCa;
    case X509_V_ERR_PERMITTED_VIOLATION:
    case X509_V_ERR_EXCLUDED_VIOLATION:
    case X509_V_ERR_SUBTREE_MINMAX:
    case X509_V_ERR_UNSUPPORTED_CONSTRAINT_TYPE:
    case X509_V_ERR_UNSUPPORTED_CONSTRAINT_SYNTAX:
    case X509_V_ERR_UNSUPPORTED_NAME_SYNTAX: return Fault::kNameConstraint;
    case X509_V_ERR_PATH_LENGTH_EXCEEDED:
    case X509_V_ERR_CERT_CHAIN_TOO_LONG: return Fault::kPathLength;
    case X509_V_ERR_UNHANDLED_CRITICAL_EXTENSION: return Fault::kCriticalExtension;
    case X509_V_ERR_UNSPECIFIED:
    case X509_V_ERR_OUT_OF_MEM:
    case X509_V_ERR_APPLICATION_VERIFICATION:
    case X509_V_ERR_INVALID_CALL:
    case X509_V_ERR_STORE_LOOKUP: return Fault::kOther;
    // Everything else is a rule of RFC 5280 that the certificate itself breaks.
    default: return Fault::kMalformedCertificate;
  }
}

base::Failure library_failure(const std::string& what, const std::string& next_step) {
  const LibraryError error = take_library_error();
  std::string detail = what;
  if (!error.text.empty()) detail += ": " + error.text;
  if (!next_step.empty()) detail += "; " + next_step;
  return base::fail(base::ErrorCode::kInternal, base::Party::kProxy, std::move(detail));
}

}  // namespace tls
