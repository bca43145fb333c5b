#include "tls/verify.h"

#include <openssl/core_names.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#include <algorithm>

#include "tls/error.h"
#include "tls/safeguards.h"
#include "tls/stapling.h"

namespace tls {
namespace {

// Whether the certificate says where its issuer's certificate can be had. Authorities put that into
// what their intermediates issue, hardly ever into what a private root signs itself. It is only
// reported: nothing is fetched from addresses in a certificate.
bool names_issuer_location(X509* certificate) {
  auto* access = static_cast<AUTHORITY_INFO_ACCESS*>(
      X509_get_ext_d2i(certificate, NID_info_access, nullptr, nullptr));
  bool found = false;
  for (int i = 0; i < sk_ACCESS_DESCRIPTION_num(access); ++i) {
    found |= OBJ_obj2nid(sk_ACCESS_DESCRIPTION_value(access, i)->method) == NID_ad_ca_issuers;
  }
  AUTHORITY_INFO_ACCESS_free(access);
  return found;
}

Fault fault_at(X509_STORE_CTX* chain, int code, int depth) {
  const Fault fault = fault_of_verification(code, depth);
  if (fault != Fault::kUntrustedRoot || depth != 0) return fault;
  // No certificate in hand was issued by the leaf's issuer's key: either that issuer is a root
  // nobody trusts, or an intermediate that the server should have sent.
  X509* const leaf = X509_STORE_CTX_get0_cert(chain);
  return names_issuer_location(leaf) ? Fault::kIncompleteChain : fault;
}

// Whether the key's curve is spelt out by parameters rather than named, which RFC 5480 §2.1.1
// forbids: a forger can choose parameters under which another's key is theirs (CVE-2020-0601).
bool spells_out_curve(X509* certificate) {
  int spelt_out = 0;
  const EVP_PKEY* key = X509_get0_pubkey(certificate);
  return key != nullptr && EVP_PKEY_is_a(key, "EC") == 1 &&
         EVP_PKEY_get_int_param(key, OSSL_PKEY_PARAM_EC_DECODED_FROM_EXPLICIT_PARAMS, &spelt_out) ==
             1 &&
         spelt_out == 1;
}

// What is left to say of a certificate that OpenSSL accepts in its place: an X509_V_ERR_… or
// X509_V_OK. RFC 5280 §6.1.4 (k) wants the CA flag of basicConstraints in every authority, while
// OpenSSL makes do with a keyUsage of keyCertSign, or an old self-signed certificate without
// extensions. X509_STRICT would see to both, but refuses authorities without keyUsage, which (n)
// judges only where it is present, and certificates without key identifiers, which validation
// (§6.1) never asks for: private roots often lack them, and other clients accept those.
int judge_accepted(X509* certificate, int depth) {
  if (depth > 0 && X509_check_ca(certificate) != 1) return X509_V_ERR_INVALID_CA;
  return spells_out_curve(certificate) ? X509_V_ERR_EC_KEY_EXPLICIT_PARAMS : X509_V_OK;
}

int on_verify(int verified, X509_STORE_CTX* chain) {
  if (verified == 1) {
    X509* const current = X509_STORE_CTX_get_current_cert(chain);
    const int code = current == nullptr
                         ? X509_V_OK
                         : judge_accepted(current, X509_STORE_CTX_get_error_depth(chain));
    if (code == X509_V_OK) return 1;
    X509_STORE_CTX_set_error(chain, code);
  }
  auto* ssl =
      static_cast<SSL*>(X509_STORE_CTX_get_ex_data(chain, SSL_get_ex_data_X509_STORE_CTX_idx()));
  auto* check = static_cast<PeerCheck*>(SSL_get_app_data(ssl));
  if (check == nullptr || check->fault != Fault::kNone) return 0;
  check->code = X509_STORE_CTX_get_error(chain);
  check->depth = X509_STORE_CTX_get_error_depth(chain);
  check->fault = fault_at(chain, check->code, check->depth);
  check->reason = X509_verify_cert_error_string(check->code);
  if (X509* leaf = X509_STORE_CTX_get0_cert(chain)) check->leaf = Certificate::share(leaf).facts();
  if (X509* current = X509_STORE_CTX_get_current_cert(chain)) {
    check->at_fault = Certificate::share(current).facts().subject;
  }
  return 0;
}

// SSL_set_tlsext_host_name without its cast from const.
long set_server_name(SSL* ssl, std::string name) {
  return SSL_ctrl(ssl, SSL_CTRL_SET_TLSEXT_HOSTNAME, TLSEXT_NAMETYPE_host_name, name.data());
}

// Never sends a certificate; notes that the server asked for one.
int on_client_certificate_request(SSL* ssl, X509**, EVP_PKEY**) {
  if (auto* check = static_cast<PeerCheck*>(SSL_get_app_data(ssl))) {
    check->client_certificate_requested = true;
  }
  return 0;
}

// Forward secrecy always (RFC 9325 §4.1). Beside AEAD the CBC suites with SHA-2, which some origins
// have at most.
constexpr const char* kCiphers =
    "ECDHE+AESGCM:ECDHE+CHACHA20:ECDHE-ECDSA-AES128-SHA256:ECDHE-RSA-AES128-SHA256:"
    "ECDHE-ECDSA-AES256-SHA384:ECDHE-RSA-AES256-SHA384";

bool end_at_roots(SSL_CTX* context) {
  X509_VERIFY_PARAM* const rules = SSL_CTX_get0_param(context);
  return X509_VERIFY_PARAM_set_flags(rules, X509_V_FLAG_TRUSTED_FIRST) == 1 &&
         X509_VERIFY_PARAM_clear_flags(rules,
                                       X509_V_FLAG_PARTIAL_CHAIN | X509_V_FLAG_X509_STRICT) == 1;
}

constexpr ContextSafeguard kClientSafeguards[] = {
    {"the peer is verified",
     [](SSL_CTX* context) {
       SSL_CTX_set_verify(context, SSL_VERIFY_PEER, on_verify);
       return true;
     }},
    {"chains end at roots", end_at_roots},
    {"purpose",
     [](SSL_CTX* context) {
       return X509_VERIFY_PARAM_set_purpose(SSL_CTX_get0_param(context), X509_PURPOSE_SSL_SERVER) ==
              1;
     }},
    {"staples are judged",
     [](SSL_CTX* context) {
       judge_staples(context);
       return true;
     }},
    {"forward secrecy",
     [](SSL_CTX* context) { return SSL_CTX_set_cipher_list(context, kCiphers) == 1; }},
};

bool add_host_flag(SSL* ssl, unsigned flag) {
  X509_VERIFY_PARAM* const rules = SSL_get0_param(ssl);
  X509_VERIFY_PARAM_set_hostflags(rules, X509_VERIFY_PARAM_get_hostflags(rules) | flag);
  return true;
}

constexpr PeerSafeguard kPeerSafeguards[] = {
    {"name",
     [](SSL* ssl, const PeerName& peer) {
       if (peer.address) return true;
       // An empty name would switch the check off.
       return !peer.dns.empty() && X509_VERIFY_PARAM_set1_host(SSL_get0_param(ssl), peer.dns.data(),
                                                               peer.dns.size()) == 1;
     }},
    {"address",
     [](SSL* ssl, const PeerName& peer) {
       return !peer.address ||
              X509_VERIFY_PARAM_set1_ip(SSL_get0_param(ssl), peer.address->octets().data(),
                                        peer.address->is_v4() ? 4 : 16) == 1;
     }},
    {"no common names",
     [](SSL* ssl, const PeerName&) {
       return add_host_flag(ssl, X509_CHECK_FLAG_NEVER_CHECK_SUBJECT);
     }},
    {"no partial wildcards",
     [](SSL* ssl, const PeerName&) {
       return add_host_flag(ssl, X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
     }},
};

}  // namespace

std::span<const ContextSafeguard> client_safeguards() { return kClientSafeguards; }
std::span<const PeerSafeguard> peer_safeguards() { return kPeerSafeguards; }

bool require_verification(ssl_ctx_st* context) {
  SSL_CTX_set_client_cert_cb(context, on_client_certificate_request);
  return std::ranges::all_of(kClientSafeguards, [context](const ContextSafeguard& safeguard) {
    return safeguard.apply(context);
  });
}

void ask_for_certificate(ssl_ctx_st* context, const TrustStore& authorities,
                         ClientCertificate need) {
  const int required = need == ClientCertificate::kRequired ? SSL_VERIFY_FAIL_IF_NO_PEER_CERT : 0;
  SSL_CTX_set_verify(context, SSL_VERIFY_PEER | required, on_verify);
  SSL_CTX_set1_cert_store(context, authorities.raw());
  end_at_roots(context);
  X509_VERIFY_PARAM_set_purpose(SSL_CTX_get0_param(context), X509_PURPOSE_SSL_CLIENT);
  // A client that has several certificates finds the right one by its issuer's name.
  const STACK_OF(X509_OBJECT)* all = X509_STORE_get0_objects(authorities.raw());
  for (int i = 0; i < sk_X509_OBJECT_num(all); ++i) {
    X509* const authority = X509_OBJECT_get0_X509(sk_X509_OBJECT_value(all, i));
    if (authority != nullptr) SSL_CTX_add_client_CA(context, authority);
  }
}

bool expect_peer(ssl_st* ssl, const PeerName& peer) {
  const bool guarded = std::ranges::all_of(
      kPeerSafeguards, [&](const PeerSafeguard& safeguard) { return safeguard.apply(ssl, peer); });
  return guarded && (peer.address || set_server_name(ssl, peer.dns) == 1);
}

void attach(ssl_st* ssl, PeerCheck& check) { SSL_set_app_data(ssl, &check); }

}  // namespace tls
