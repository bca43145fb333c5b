// Owners of OpenSSL's objects. The types are declared here by their struct names, so that a header
// of this room can hold one without showing OpenSSL to the rooms above.
#pragma once

#include <memory>

struct bignum_st;
struct bio_st;
struct evp_pkey_st;
struct NAME_CONSTRAINTS_st;
struct ocsp_basic_response_st;
struct ocsp_cert_id_st;
struct ocsp_response_st;
struct ssl_ctx_st;
struct GENERAL_NAME_st;
struct asn1_string_st;
struct ssl_session_st;
struct ssl_st;
struct stack_st_GENERAL_NAME;
struct stack_st_X509;
struct x509_st;
struct X509_crl_st;
struct x509_store_st;
struct X509_extension_st;

namespace tls {

// Frees what OpenSSL counted or allocated; the only place that calls its *_free functions.
struct Free {
  void operator()(asn1_string_st* object) const noexcept;
  void operator()(bignum_st* object) const noexcept;
  void operator()(bio_st* object) const noexcept;
  void operator()(evp_pkey_st* object) const noexcept;
  void operator()(GENERAL_NAME_st* object) const noexcept;
  void operator()(NAME_CONSTRAINTS_st* object) const noexcept;
  void operator()(ocsp_basic_response_st* object) const noexcept;
  void operator()(ocsp_cert_id_st* object) const noexcept;
  void operator()(ocsp_response_st* object) const noexcept;
  void operator()(ssl_ctx_st* object) const noexcept;
  void operator()(ssl_session_st* object) const noexcept;
  void operator()(ssl_st* object) const noexcept;
  void operator()(stack_st_GENERAL_NAME* object) const noexcept;
  void operator()(stack_st_X509* object) const noexcept;  // and its references to the certificates
  void operator()(x509_st* object) const noexcept;
  void operator()(X509_crl_st* object) const noexcept;
  void operator()(x509_store_st* object) const noexcept;
  void operator()(X509_extension_st* object) const noexcept;
};

template <typename T>
using Handle = std::unique_ptr<T, Free>;

using BignumPtr = Handle<bignum_st>;
using BioPtr = Handle<bio_st>;
using KeyPtr = Handle<evp_pkey_st>;
using NameConstraintsPtr = Handle<NAME_CONSTRAINTS_st>;
using OcspBasicPtr = Handle<ocsp_basic_response_st>;
using OcspIdPtr = Handle<ocsp_cert_id_st>;
using OcspResponsePtr = Handle<ocsp_response_st>;
using SslContextPtr = Handle<ssl_ctx_st>;
using SessionPtr = Handle<ssl_session_st>;
using SslPtr = Handle<ssl_st>;
using Asn1StringPtr = Handle<asn1_string_st>;
using GeneralNamePtr = Handle<GENERAL_NAME_st>;
using GeneralNamesPtr = Handle<stack_st_GENERAL_NAME>;
using ChainPtr = Handle<stack_st_X509>;
using X509Ptr = Handle<x509_st>;
using RevocationsPtr = Handle<X509_crl_st>;
using StorePtr = Handle<x509_store_st>;
using ExtensionPtr = Handle<X509_extension_st>;

}  // namespace tls
