#include "tls/mint.h"

#include <openssl/bn.h>
#include <openssl/err.h>
#include <openssl/x509v3.h>

#include <optional>
#include <string_view>
#include <utility>

#include "base/escape.h"
#include "tls/error.h"
#include "tls/peer_name.h"

namespace tls {
namespace {

constexpr int kSerialBits = 128;

bool set_serial(X509* certificate) {
  // Zero, which RFC 5280 forbids, has a chance of 2^-128.
  const BignumPtr random(BN_new());
  return random && BN_rand(random.get(), kSerialBits, BN_RAND_TOP_ANY, BN_RAND_BOTTOM_ANY) == 1 &&
         BN_to_ASN1_INTEGER(random.get(), X509_get_serialNumber(certificate)) != nullptr;
}

// The name that is to be certified; nullopt for text that is none.
struct Subject {
  PeerName peer;
  bool wildcard = false;
};
std::optional<Subject> subject_of(const std::string& text) {
  const bool wildcard = text.starts_with("*.");
  base::Result<PeerName> peer = PeerName::parse(wildcard ? std::string_view(text).substr(2) : text);
  if (!peer || (wildcard && peer->address)) return std::nullopt;
  return Subject{std::move(*peer), wildcard};
}

// Adds the name as a subjectAltName entry. False for lack of memory.
bool add_name(GENERAL_NAMES* list, const Subject& subject) {
  const auto& address = subject.peer.address;
  std::string text = (subject.wildcard ? "*." : "") + subject.peer.dns;
  if (address) {
    text.assign(reinterpret_cast<const char*>(address->octets().data()), address->is_v4() ? 4 : 16);
  }
  GeneralNamePtr name(GENERAL_NAME_new());
  Asn1StringPtr value(ASN1_STRING_type_new(address ? V_ASN1_OCTET_STRING : V_ASN1_IA5STRING));
  if (!name || !value ||
      ASN1_STRING_set(value.get(), text.data(), static_cast<int>(text.size())) != 1) {
    return false;
  }
  GENERAL_NAME_set0_value(name.get(), address ? GEN_IPADD : GEN_DNS, value.release());
  if (sk_GENERAL_NAME_push(list, name.get()) == 0) return false;
  (void)name.release();  // the list's
  return true;
}

}  // namespace

Mint::Mint(const PrivateKey& key) : certificate_(X509_new()) {
  ERR_clear_error();
  X509* const raw = certificate_.get();
  step(raw != nullptr && X509_set_version(raw, X509_VERSION_3) == 1 && set_serial(raw) &&
           X509_set_pubkey(raw, key.public_half()) == 1,
       "start a certificate");
}

Mint& Mint::step(int succeeded, const char* what) {
  if (failed_ == nullptr && succeeded != 1) failed_ = what;
  return *this;
}

Mint& Mint::validity(base::WallTime not_before, base::WallTime not_after) {
  if (failed_ != nullptr) return *this;
  X509* const raw = certificate_.get();
  using Clock = std::chrono::system_clock;
  return step(
      not_before <= not_after &&
          ASN1_TIME_set(X509_getm_notBefore(raw), Clock::to_time_t(not_before)) != nullptr &&
          ASN1_TIME_set(X509_getm_notAfter(raw), Clock::to_time_t(not_after)) != nullptr,
      "set the validity, which must not end before it begins");
}

Mint& Mint::common_name(const std::string& name) {
  if (failed_ != nullptr || name.empty()) return *this;
  const auto* text = reinterpret_cast<const unsigned char*>(name.data());
  return step(X509_NAME_add_entry_by_NID(X509_get_subject_name(certificate_.get()), NID_commonName,
                                         MBSTRING_UTF8, text, static_cast<int>(name.size()), -1, 0),
              "set the common name, which has 1 to 64 characters of UTF-8");
}

Mint& Mint::issuer(const Certificate* issuer) {
  if (failed_ != nullptr) return *this;
  issuer_ = issuer;
  const X509* by = issuer != nullptr ? issuer->raw() : certificate_.get();
  return step(X509_set_issuer_name(certificate_.get(), X509_get_subject_name(by)),
              "set the issuer");
}

Mint& Mint::extension(int nid, const char* value) {
  if (failed_ != nullptr) return *this;
  X509V3_CTX context{};
  X509V3_set_ctx(&context, issuer_ != nullptr ? issuer_->raw() : certificate_.get(),
                 certificate_.get(), nullptr, nullptr, 0);
  const ExtensionPtr made(X509V3_EXT_nconf_nid(nullptr, &context, nid, value));
  return step(made && X509_add_ext(certificate_.get(), made.get(), -1) == 1, "add an extension");
}

Mint& Mint::names(const std::vector<std::string>& names) {
  if (failed_ != nullptr) return *this;
  const GeneralNamesPtr list(GENERAL_NAMES_new());
  if (!list) return step(0, "name a certificate");
  for (const std::string& text : names) {
    const auto subject = subject_of(text);
    if (!subject) refused_name_ = base::printable(text, base::Spaces::kKeep, 100);
    if (!subject || !add_name(list.get(), *subject)) return step(0, "name a certificate");
  }
  const bool no_subject = X509_NAME_entry_count(X509_get_subject_name(certificate_.get())) == 0;
  return step(
      !names.empty() && X509_add1_ext_i2d(certificate_.get(), NID_subject_alt_name, list.get(),
                                          no_subject ? 1 : 0, X509V3_ADD_DEFAULT) == 1,
      "name a certificate, which needs at least one name");
}

Mint& Mint::constraints(const NameConstraints& constraints) {
  if (failed_ != nullptr || constraints.empty()) return *this;
  const NameConstraintsPtr made = encode(constraints);
  return step(made && X509_add1_ext_i2d(certificate_.get(), NID_name_constraints, made.get(), 1,
                                        X509V3_ADD_DEFAULT) == 1,
              "constrain the names");
}

base::Result<Certificate> Mint::sign(const PrivateKey& key) {
  if (failed_ == nullptr) step(X509_sign(certificate_.get(), key.raw(), EVP_sha256()) > 0, "sign");
  if (failed_ == nullptr) return Certificate(std::move(certificate_));
  std::string detail = std::string("cannot ") + failed_;
  if (refused_name_) {
    detail += ": \"" + *refused_name_ +
              "\" is neither a DNS name, \"*.\" and a DNS name, nor an IP address";
  }
  const LibraryError error = take_library_error();
  if (!error.text.empty()) detail += " (OpenSSL: " + error.text + ")";
  return base::fail(base::ErrorCode::kBadRequest, base::Party::kProxy, std::move(detail));
}

}  // namespace tls
