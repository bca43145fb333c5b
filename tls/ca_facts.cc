#include "tls/ca_facts.h"

#include <openssl/x509v3.h>

#include "tls/error.h"

namespace tls {
namespace {

std::string hex(const ASN1_OCTET_STRING* octets) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string text;
  const int size = octets != nullptr ? ASN1_STRING_length(octets) : 0;
  for (int i = 0; i < size; ++i) {
    const unsigned octet = ASN1_STRING_get0_data(octets)[i];
    text += kDigits[octet >> 4U];
    text += kDigits[octet & 15U];
  }
  return text;
}

}  // namespace

std::vector<std::string> CaFacts::permitted() const {
  std::vector<std::string> names = constraints.domains;
  for (const base::Cidr& network : constraints.networks) names.push_back(network.to_string());
  return names;
}

CaFacts ca_facts_of(const Certificate& certificate) {
  CaFacts facts;
  facts.certificate = certificate.facts();
  facts.strength = strength_of(certificate);
  facts.is_self_signed = is_issued_by(certificate, certificate);
  // -1 stands for none.
  if (const long length = X509_get_pathlen(certificate.raw()); length >= 0) {
    facts.path_length = length;
  }
  facts.subject_key_id = hex(X509_get0_subject_key_id(certificate.raw()));
  facts.constraints = NameConstraints::of(certificate);
  take_library_error();
  return facts;
}

}  // namespace tls
