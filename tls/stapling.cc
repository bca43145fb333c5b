#include "tls/stapling.h"

#include <openssl/ocsp.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#include <optional>
#include <string>

#include "tls/error.h"
#include "tls/verify.h"

namespace tls {
namespace {

// How far the clocks of responder and client may be apart.
constexpr long kClockSkewSeconds = 300;
// RFC 7633 §4.2.3: the extension type of status_request.
constexpr long kStatusRequest = 5;

struct Judgement {
  Fault fault = Fault::kNone;
  const char* reason = "";
};

bool demands_staple(X509* certificate) {
  auto* features =
      static_cast<TLS_FEATURE*>(X509_get_ext_d2i(certificate, NID_tlsfeature, nullptr, nullptr));
  bool demanded = false;
  for (int i = 0; i < sk_ASN1_INTEGER_num(features); ++i) {
    demanded |= ASN1_INTEGER_get(sk_ASN1_INTEGER_value(features, i)) == kStatusRequest;
  }
  TLS_FEATURE_free(features);
  return demanded;
}

constexpr Judgement unsatisfactory(const char* reason) {
  return {Fault::kRevocationUnknown, reason};
}

// What a verified response says of the leaf.
Judgement judge_status(OCSP_BASICRESP* response, X509* leaf, X509* issuer) {
  int status = V_OCSP_CERTSTATUS_UNKNOWN;
  ASN1_GENERALIZEDTIME* since = nullptr;
  ASN1_GENERALIZEDTIME* until = nullptr;
  // Responders choose the digest by which they name a certificate (RFC 6960 §4.1.1).
  const auto names_leaf = [&](const EVP_MD* digest) {
    const OcspIdPtr id(OCSP_cert_to_id(digest, leaf, issuer));
    return id != nullptr && OCSP_resp_find_status(response, id.get(), &status, nullptr, nullptr,
                                                  &since, &until) == 1;
  };
  if (!names_leaf(EVP_sha1()) && !names_leaf(EVP_sha256()) && !names_leaf(EVP_sha384()) &&
      !names_leaf(EVP_sha512())) {
    return unsatisfactory("the stapled OCSP response is about another certificate");
  }
  if (status == V_OCSP_CERTSTATUS_REVOKED) {
    return {Fault::kRevoked, "the stapled OCSP response says that it is revoked"};
  }
  if (OCSP_check_validity(since, until, kClockSkewSeconds, -1) != 1) {
    return demands_staple(leaf) ? unsatisfactory(
                                      "the stapled OCSP response is out of date, and "
                                      "the certificate demands a current one")
                                : Judgement{};
  }
  return status == V_OCSP_CERTSTATUS_GOOD
             ? Judgement{}
             : unsatisfactory("the stapled OCSP response does not know the certificate");
}

Judgement judge_response(const unsigned char* der, long size, X509_STORE* store,
                         STACK_OF(X509) * chain) {
  const unsigned char* next = der;
  const OcspResponsePtr response(d2i_OCSP_RESPONSE(nullptr, &next, size));
  if (!response || next != der + size) {
    return unsatisfactory("the stapled OCSP response is malformed");
  }
  if (OCSP_response_status(response.get()) != OCSP_RESPONSE_STATUS_SUCCESSFUL) {
    return unsatisfactory("the stapled OCSP response is an error of the responder");
  }
  const OcspBasicPtr basic(OCSP_response_get1_basic(response.get()));
  if (!basic) return unsatisfactory("the stapled OCSP response is malformed");
  if (sk_X509_num(chain) < 2 || OCSP_basic_verify(basic.get(), chain, store, 0) != 1) {
    return unsatisfactory("the stapled OCSP response is not signed for the issuer");
  }
  return judge_status(basic.get(), sk_X509_value(chain, 0), sk_X509_value(chain, 1));
}

// Comes once the chain is verified; 1 to go on, 0 to refuse.
int on_status(SSL* ssl, void*) {
  auto* check = static_cast<PeerCheck*>(SSL_get_app_data(ssl));
  X509* const leaf = SSL_get0_peer_certificate(ssl);
  if (check == nullptr || leaf == nullptr) return 0;
  const unsigned char* der = nullptr;
  // SSL_get_tlsext_status_ocsp_resp without its cast.
  const long size = SSL_ctrl(ssl, SSL_CTRL_GET_TLSEXT_STATUS_REQ_OCSP_RESP, 0, &der);
  Judgement judgement;
  if (der != nullptr && size > 0) {
    judgement = judge_response(der, size, SSL_CTX_get_cert_store(SSL_get_SSL_CTX(ssl)),
                               SSL_get0_verified_chain(ssl));
  } else if (demands_staple(leaf)) {
    judgement = unsatisfactory("the certificate demands a stapled OCSP response, and none came");
  }
  take_library_error();
  if (judgement.fault == Fault::kNone) return 1;
  check->fault = judgement.fault;
  check->reason = judgement.reason;
  check->leaf = Certificate::share(leaf).facts();
  return 0;
}

}  // namespace

void judge_staples(ssl_ctx_st* context) {
  SSL_CTX_set_tlsext_status_type(context, TLSEXT_STATUSTYPE_ocsp);
  // SSL_CTX_set_tlsext_status_cb without its old-style cast.
  SSL_CTX_callback_ctrl(context, SSL_CTRL_SET_TLSEXT_STATUS_REQ_CB,
                        reinterpret_cast<void (*)()>(on_status));
}

}  // namespace tls
