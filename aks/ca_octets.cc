#include "aks/ca_octets.h"

namespace aks {
namespace {

constexpr char kInteger = 0x02;
constexpr char kObjectId = 0x06;
constexpr char kSequence = 0x30;

// Steps into a SEQUENCE: its content, as far as it is there (X.690 §8.1.3).
std::optional<std::string_view> inside_sequence(std::string_view der) {
  if (der.size() < 2 || der.front() != kSequence) return std::nullopt;
  const auto length = static_cast<unsigned char>(der[1]);
  const size_t more = length < 0x80 ? 0 : length & 0x7fU;
  if (more > 4 || der.size() < 2 + more) return std::nullopt;
  return der.substr(2 + more);
}

}  // namespace

std::optional<std::string> name_of_octets(std::string_view octets) {
  if (octets.starts_with("\xff\xfe") || octets.starts_with("\xfe\xff"))
    return "text in UTF-16, as PowerShell writes it; save the PEM file as ASCII or UTF-8 first";
  const auto inside = inside_sequence(octets);
  if (!inside || inside->empty()) return std::nullopt;
  switch (inside->front()) {
    case kSequence:
      return "a certificate in DER; convert it: openssl x509 -inform der -in FILE | base64 -w0";
    case kObjectId:  // ContentInfo (RFC 2315 §7)
      return "PKCS #7 (.p7b); take the certificates out: openssl pkcs7 -inform der -in FILE "
             "-print_certs | base64 -w0";
    case kInteger:  // PFX (RFC 7292 §4)
      return "PKCS #12 (.pfx, .p12), which may hold a private key that every node would receive; "
             "take the authorities out: openssl pkcs12 -in FILE -cacerts -nokeys | base64 -w0";
    default: return std::nullopt;
  }
}

}  // namespace aks
